import Diagnostics
import NIOCore
import NIOSSL

/// Why a connection of a simulated call failed, and the fix.
package struct ConnectionTrouble: Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    package var reason: String
    /// What to do about it.
    package var fix: String

    /// Reason and fix on one line.
    package var description: String { "\(reason); \(fix)" }

    /// Puts an error of the network libraries into words.
    package init(_ error: any Error) {
        // The handshake's own time limit closes the channel.
        if case ChannelError.inappropriateOperationForState = error {
            self.init(reason: "the connection closed during the handshake, or it took too long", fix: "see the server's log")
        } else {
            self.init(reason: ErrorText.of(error), fix: Self.fix(for: ConnectionFault(error)?.kind))
        }
    }

    private init(reason: String, fix: String) {
        self.reason = reason
        self.fix = fix
    }

    private static func fix(for kind: ConnectionFault.Kind?) -> String {
        switch kind {
        case .unknownName: "correct the name in the URL"
        case .refused: "start the server (`agentos webui start`), or correct the URL"
        case .untrusted: "give the certificate, or that of its authority, with --ca FILE"
        case .closed: "see the server's log, or use https:// if it speaks TLS"
        case .timedOut: "see the server's log"
        default: "see that the server runs there and the URL is right"
        }
    }
}

/// How servers' certificates are checked.
enum CertificateTrust {
    /// TLS settings of a client that also trusts the certificates in `caFile`, PEM.
    static func configuration(checksCertificate: Bool, caFile: String?) throws(TwinError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !checksCertificate { configuration.certificateVerification = .none }
        guard let caFile else { return configuration }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(caFile), !certificates.isEmpty else {
            throw TwinError(.unreadableCertificates, "there is no PEM certificate in \(caFile); give --ca a file with the certificate to trust")
        }
        configuration.additionalTrustRoots = [.certificates(certificates)]
        return configuration
    }
}
