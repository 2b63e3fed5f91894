import AsyncHTTPClient
import Diagnostics
import NIOHTTP1

/// A service that could not be asked, or did not answer to the end.
struct ServiceFault: Error, Sendable, Equatable {
    /// What kind of fault it is.
    enum Kind: Sendable {
        /// There was no connection: the request has not left this machine.
        case unreachable
        /// Nothing came in the time given.
        case timedOut
        /// The connection broke, or what came on it is not HTTP. The service may have had the request.
        case broken
        /// The request cannot be sent at all.
        case unsendable
    }

    /// Nothing came in the time given.
    static let tooLate = ServiceFault(.timedOut, "did not answer in time")

    /// What kind of fault it is.
    var kind: Kind
    /// What the service did, in words that follow its name.
    var what: String

    /// Makes a fault.
    init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }

    /// Puts a client's error into words.
    ///
    /// None of them repeats what was sent, since that holds keys.
    init(_ error: any Error) {
        switch error {
        case let fault as ServiceFault: self = fault
        case let error as HTTPClientError: self.init(client: error)
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection: self.init(.broken, "closed the connection")
        case is HTTPParserError: self.init(.broken, "does not speak HTTP")
        default: self.init(ConnectionFault(error), error)
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .tooLate
        case .connectTimeout, .tlsHandshakeTimeout: self.init(.unreachable, "accepted no connection in time")
        case .getConnectionFromPoolTimeout: self.init(.unreachable, "had no connection free in time")
        case .remoteConnectionClosed: self.init(.broken, "closed the connection")
        case .invalidURL, .emptyHost, .emptyScheme: self.init(.unsendable, "has an address that cannot be used")
        case let error where error.shortDescription.contains("header field"):
            self.init(.unsendable, "cannot be sent its headers: one has characters that HTTP forbids")
        default: self.init(.broken, "failed (\(ErrorText.of(error)))")
        }
    }

    /// Puts the failure of a connection into words that follow the service's name.
    private init(_ fault: ConnectionFault?, _ error: any Error) {
        switch fault?.kind {
        case .refused?: self.init(.unreachable, "refused the connection")
        case .unknownName?: self.init(.unreachable, "has a name that does not resolve")
        case .unreachable?: self.init(.unreachable, "cannot be reached")
        case .notConnectedInTime?: self.init(.unreachable, "accepted no connection in time")
        case .insecure?, .untrusted?: self.init(.unreachable, "cannot be reached securely: \(fault?.text ?? "TLS failed")")
        case .timedOut?: self = .tooLate
        case .closed?: self.init(.broken, "closed the connection")
        case .notHTTP?: self.init(.broken, "does not speak HTTP")
        case .unsendable?: self.init(.unsendable, "has an address that cannot be used")
        case .failed?, nil: self.init(.broken, "broke the connection (\(fault?.text ?? ErrorText.of(error)))")
        }
    }
}
