package import AsyncHTTPClient
package import Conversation
package import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends requests to services, in a limited time and never twice.
package struct ServiceClient: Sendable {
    /// The event loop that services' connections live on, apart from those of the calls' media.
    ///
    /// One loop, because ``ServiceReceiver`` must run where the connection does to lose nothing.
    package static let eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let http: HTTPClient
    /// The clock that time limits run on.
    let clock: any CallClock

    /// Makes a client on one made with ``eventLoops`` and ``configuration(connectMs:)``, whose connections all such clients share.
    package init(_ http: HTTPClient, clock: any CallClock = MonotonicCallClock()) {
        self.http = http
        self.clock = clock
    }

    /// How the HTTP client under this one must be made.
    ///
    /// It follows no redirects, since keys must not travel; it says at once that a service cannot be reached; and as each answer in progress
    /// holds a connection, it allows many of them: the default of eight would let the ninth caller wait.
    package static func configuration(connectMs: Int = 2_000) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .milliseconds(Int64(connectMs)))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1_024
        return configuration
    }

    /// Sends a request and waits for the answer's head, until the clock shows a time.
    ///
    /// - Throws: ``ServiceFault``; `CancellationError` where the task was cancelled.
    func send(_ request: ServiceRequest, untilMs deadlineMs: Int) async throws -> ServiceAnswer {
        do {
            let (parts, receiver) = try ServiceReceiver.send(request, with: http)
            let head = try await clock.limit(untilMs: deadlineMs) { try await Self.head(of: parts) }
            guard let head else { throw ServiceFault.tooLate }
            return ServiceAnswer(head, body: ServiceBody(parts, from: receiver, clock: clock))
        } catch {
            try Task.checkCancellation()
            throw ServiceFault(error)
        }
    }

    private static func head(of parts: ServiceReceiver.Parts) async throws -> HTTPResponseHead {
        for try await part in parts { if case .head(let head) = part { return head } }
        try Task.checkCancellation()
        throw HTTPClientError.remoteConnectionClosed
    }
}
