package import AsyncHTTPClient
package import Conversation
import NIOCore

/// Sends requests to services, in a limited time and never twice.
package struct ServiceClient: Sendable {
    private let http: HTTPClient
    /// The clock that time limits run on.
    let clock: any CallClock

    /// Makes a client on one made with ``configuration(connectMs:)``, whose connections all such clients share.
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
    func send(_ request: HTTPClientRequest, untilMs deadlineMs: Int) async throws -> ServiceAnswer {
        do {
            let answer = try await clock.limit(untilMs: deadlineMs) { [http, clock] in
                ServiceAnswer(try await http.execute(request, deadline: .distantFuture), clock: clock)
            }
            guard let answer else { throw ServiceFault.tooLate }
            return answer
        } catch {
            try Task.checkCancellation()
            throw ServiceFault(error)
        }
    }
}
