import Foundation
import NIOCore
import NIOSSL
import Synchronization

/// The certificate that new connections are shown; replaced while the server runs when its files change.
final class TLSIdentity: Sendable {
    /// What a look at the files came to.
    enum Look: Sendable, Equatable {
        case unchanged
        /// New connections are shown the new certificate.
        case replaced
        /// The new files are of no use, for this reason; the old certificate stays.
        case refused(String)
    }

    private struct State {
        var context: NIOSSLContext
        /// The files that were tried last, whether or not they were of use.
        var tried: [FileStamp]?
        /// The files as they were at the last look: what still changes is left alone.
        var seen: [FileStamp]?
    }

    let files: TLSFiles
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// - Throws: ``StartError`` that names the file at fault.
    init(_ files: TLSFiles) throws(StartError) {
        self.files = files
        let stamp = files.stamp
        state = Mutex(State(context: try Self.context(files), tried: stamp, seen: stamp))
    }

    /// What the next connection is secured with.
    var context: NIOSSLContext { state.withLock(\.context) }

    /// Takes the files over when they have changed and have been left alone since the last look.
    func look() -> Look {
        guard let stamp = files.stamp else { return .unchanged }
        let isDue = state.withLock { state in
            defer { state.seen = stamp }
            return stamp != state.tried && stamp == state.seen
        }
        guard isDue else { return .unchanged }
        do throws(StartError) {
            let context = try Self.context(files)
            state.withLock { state in
                state.context = context
                state.tried = stamp
            }
            return .replaced
        } catch {
            state.withLock { $0.tried = stamp }
            return .refused(error.message)
        }
    }

    private static func context(_ files: TLSFiles) throws(StartError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate] = try parsed(files.certificate, .tlsCert, "a certificate chain") { try NIOSSLCertificate.fromPEMBytes($0) }
        guard !chain.isEmpty else { throw fault(.badData, .tlsCert, files.certificate, "holds no certificate") }
        let key = try parsed(files.key, .tlsKey, "a private key without a passphrase") { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A peer that does not answer our goodbye does not hold its connection.
        configuration.shutdownTimeout = .seconds(1)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let problem = "does not belong to the certificate in \(files.certificate); give the pair that was made together"
            throw fault(.badData, .tlsKey, files.key, problem)
        }
    }

    private static func parsed<Value>(
        _ path: String,
        _ key: SettingKey,
        _ wanted: String,
        _ parse: ([UInt8]) throws -> Value
    ) throws(StartError) -> Value {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw fault(.missingInput, key, path, "cannot be read; check the path and its permissions")
        }
        do {
            return try parse(Array(data))
        } catch {
            throw fault(.badData, key, path, "does not hold \(wanted) in PEM form")
        }
    }

    private static func fault(_ code: StartError.Code, _ key: SettingKey, _ path: String, _ problem: String) -> StartError {
        StartError(code, "\(key.flag) (\(key.environmentName)): \(LogField.onOneLine(path)) \(problem)")
    }
}
