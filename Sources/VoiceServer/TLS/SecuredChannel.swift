import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A connection that is secured first, where the server has a certificate, and is then what it would be without.
///
/// Each connection takes the certificate of the moment and keeps it.
struct SecuredChannel<Plain: ServerChildChannel>: ServerChildChannel {
    let plain: Plain
    /// Nil where TLS is somebody else's business.
    let identity: TLSIdentity?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Plain.Value> {
        if let identity {
            do {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context))
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        return plain.setup(channel: channel, logger: logger)
    }

    func handle(value: Plain.Value, logger: Logger) async {
        await plain.handle(value: value, logger: logger)
    }
}
