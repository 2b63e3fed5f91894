import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why a connection, or a request on it, failed.
package struct ConnectionFault: Sendable, Equatable {
    /// The kinds.
    package enum Kind: Sendable {
        /// DNS knows no such name.
        case unknownName
        /// The host refused the connection.
        case refused
        /// No network route leads to the host.
        case unreachable
        /// No connection in time.
        case notConnectedInTime
        /// The server's certificate is not trusted.
        case untrusted
        /// TLS failed for another reason.
        case insecure
        /// The connection was made, and nothing came in time.
        case timedOut
        /// The other side closed the connection.
        case closed
        /// What came is not HTTP.
        case notHTTP
        /// The request cannot be sent at all.
        case unsendable
        /// Anything else.
        case failed
    }

    /// What kind it is.
    package var kind: Kind
    /// What, why and, if it helps, what to look at: a clause that follows a colon.
    package var text: String

    private init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// Reads an error of NIO, its TLS, its HTTP or AsyncHTTPClient; nil for any other error.
    package init?(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError: self.init(connecting: error)
        case let error as HTTPClientError: self.init(client: error)
        case let error as IOError: self.init(system: error.errnoCode)
        case let error as ChannelError: self.init(channel: error)
        case let error as NIOSSLExtraError: self.init(extra: error)
        case NIOSSLError.uncleanShutdown, is NIOSSLCloseTimedOutError: self = Self.closed
        case is NIOSSLError, is BoringSSLError: self.init(tls: "\(error)")
        case let error as SocketAddressError.UnknownHost: self.init(name: error.host)
        case is SocketAddressError: self.init(.unsendable, "the address cannot be used")
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection: self = Self.closed
        case is HTTPParserError: self.init(.notHTTP, "what answers there does not speak HTTP; check scheme and port")
        default: return nil
        }
    }

    private static let closed = ConnectionFault(.closed, "the connection was closed by the other side")
    private static let notConnected = ConnectionFault(
        .notConnectedInTime,
        "no connection in time; the host is down, or a firewall is in between"
    )

    private init(name: String) {
        self.init(.unknownName, "the name \(name) does not resolve; check its spelling and this machine's DNS")
    }

    private init(connecting error: NIOConnectionError) {
        let faults = error.connectionErrors.compactMap { ConnectionFault($0.error) }
        if let fault = faults.first(where: { $0.kind == .refused }) ?? faults.first {
            self = fault
        } else if error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init(name: error.host)
        } else {
            self.init(.unreachable, "\(error.host):\(error.port) cannot be reached")
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self.init(.timedOut, "no answer in time")
        case .connectTimeout, .getConnectionFromPoolTimeout: self = Self.notConnected
        case .tlsHandshakeTimeout: self.init(.insecure, "the TLS handshake took too long; check that the port speaks TLS")
        case .remoteConnectionClosed, .uncleanShutdown: self = Self.closed
        case .redirectLimitReached, .redirectCycleDetected: self.init(.failed, "the redirects do not end")
        case .invalidURL, .emptyHost, .emptyScheme: self.init(.unsendable, "the address cannot be used; give one like https://host/path")
        default: self.init(.failed, "the request failed: \(error.shortDescription.lowercased())")
        }
    }

    private init(channel error: ChannelError) {
        switch error {
        case .connectTimeout: self = Self.notConnected
        case .ioOnClosedChannel, .alreadyClosed, .outputClosed, .inputClosed, .eof: self = Self.closed
        default: self.init(.failed, "the connection failed")
        }
    }

    private init(system code: CInt) {
        let reason = String(cString: strerror(code))
        switch code {
        case ECONNREFUSED: self.init(.refused, "the connection was refused; nothing listens there")
        case ECONNRESET, EPIPE, ENOTCONN: self = Self.closed
        case EHOSTUNREACH, ENETUNREACH: self.init(.unreachable, "no network route leads to that address; check the network")
        case ETIMEDOUT: self = Self.notConnected
        case EADDRINUSE: self.init(.failed, "the address is in use; stop what listens there, or choose another port")
        case EADDRNOTAVAIL: self.init(.failed, "the address is not one of this machine's")
        case EACCES, EPERM: self.init(.failed, "the system does not allow it (\(reason)); ports below 1024 need rights")
        case EMFILE, ENFILE: self.init(.failed, "too many files are open; raise the limit with `ulimit -n`")
        default: self.init(.failed, reason)
        }
    }

    private init(extra error: NIOSSLExtraError) {
        guard error == .failedToValidateHostname else {
            self.init(tls: "\(error)")
            return
        }
        self.init(.insecure, "its certificate is for another name; use the name that the certificate has")
    }

    /// The words of BoringSSL's errors tell them apart: they have no types.
    private init(tls words: String) {
        let has = { (names: String...) in names.contains { words.localizedCaseInsensitiveContains($0) } }
        if has("CERTIFICATE_VERIFY_FAILED", "unableToValidateCertificate", "noCertificateToValidate") {
            self.init(.untrusted, "its certificate is not trusted: it is self-signed, expired, or of an authority that this machine does not know")
        } else if has("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE") {
            self.init(.insecure, "the other side does not accept the certificate")
        } else if has("WRONG_VERSION_NUMBER", "HTTP_REQUEST") {
            self.init(.insecure, "what answers there does not speak TLS; use http, or the port that speaks https")
        } else if has("UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION") {
            self.init(.insecure, "the two sides share no TLS version; use TLS 1.2 or newer")
        } else {
            self.init(.insecure, "the TLS handshake failed")
        }
    }
}
