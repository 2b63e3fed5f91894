import Conversation
import NIOHTTP1

/// A service's answer, whose body is still to be read.
struct ServiceAnswer: Sendable {
    /// The status.
    let status: Int
    /// The headers.
    let headers: HTTPHeaders
    /// The body; letting go of it closes the connection, unless it was read to its end.
    let body: ServiceBody

    /// Makes an answer whose head has arrived.
    init(_ head: HTTPResponseHead, body: ServiceBody) {
        status = Int(head.status.code)
        headers = head.headers
        self.body = body
    }

    /// Whether the service did what it was asked for.
    var isSuccess: Bool { (200..<300).contains(status) }

    /// How long the service wants to be left alone, where it says so in seconds.
    var retryAfterMs: Int? {
        guard let text = headers.first(name: "Retry-After"), let seconds = Double(text), (0..<1_000_000).contains(seconds) else { return nil }
        return Int(seconds * 1_000)
    }
}
