import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Why a connection failed and how to mend it, in plain words: the libraries' errors are written for programmers.
package struct ConnectionTrouble: Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    package var reason: String
    /// What to do about it.
    package var fix: String

    /// Reason and fix on one line.
    package var description: String { "\(reason); \(fix)" }

    private static let usualFix = "see that the server runs there and the URL is right"

    /// Puts an error of the network libraries into words.
    package init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError: self.init(connecting: error)
        case let error as IOError: self.init(system: error.errnoCode)
        case let error as HTTPClientError: self.init(http: error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self.init(tls: "\(error)")
        case ChannelError.connectTimeout: self.init(reason: "nothing answers there", fix: Self.usualFix)
        case is ChannelError: self.init(reason: "the connection closed during the handshake, or it took too long", fix: Self.usualFix)
        case is CancellationError: self.init(reason: "it was given up", fix: "place the call again")
        default: self.init(reason: OneLine("\(error)").description, fix: Self.usualFix)
        }
    }

    private init(reason: String, fix: String) {
        self.reason = reason
        self.fix = fix
    }

    private init(connecting error: NIOConnectionError) {
        if let first = error.connectionErrors.first {
            self.init(first.error)
        } else if error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init(reason: "the host name \(error.host) is not known", fix: "correct the name in the URL")
        } else {
            self.init(reason: "no connection to \(error.host):\(error.port)", fix: Self.usualFix)
        }
    }

    private init(system code: CInt) {
        switch code {
        case ECONNREFUSED:
            self.init(reason: "nothing listens there (connection refused)", fix: "start the server (`agentos webui start`), or correct the URL")
        case ECONNRESET, EPIPE:
            self.init(reason: "the connection was reset", fix: "see the server's log")
        default:
            self.init(reason: String(cString: strerror(code)).lowercased(), fix: Self.usualFix)
        }
    }

    private init(http error: HTTPClientError) {
        switch error {
        case .connectTimeout: self.init(reason: "nothing answers there within 5 s", fix: Self.usualFix)
        case .readTimeout, .deadlineExceeded: self.init(reason: "no answer within 15 s", fix: "see the server's log")
        case .tlsHandshakeTimeout: self.init(reason: "the TLS handshake took too long", fix: "use http:// if the server does not speak TLS")
        case .remoteConnectionClosed:
            self.init(reason: "the server closed the connection without an answer", fix: "use https:// if the server speaks TLS")
        default: self.init(reason: error.shortDescription.lowercased(), fix: Self.usualFix)
        }
    }

    private init(tls text: String) {
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
            self.init(reason: "the server's certificate is not trusted", fix: "give the certificate, or that of its authority, with --ca FILE")
        } else if text.contains("WRONG_VERSION_NUMBER") {
            self.init(reason: "the server does not speak TLS on this port", fix: "use http:// in the URL")
        } else if text.contains("failedToValidateHostname") {
            self.init(reason: "the server's certificate is for another name", fix: "use a name of the certificate in the URL")
        } else {
            self.init(reason: "the TLS handshake failed", fix: "see that the server speaks TLS 1.2 or newer there")
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
