import AsyncHTTPClient
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

    /// Takes over a client's answer.
    init(_ response: HTTPClientResponse, clock: any CallClock) {
        status = Int(response.status.code)
        headers = response.headers
        body = ServiceBody(response.body, clock: clock)
    }

    /// Whether the service did what it was asked for.
    var isSuccess: Bool { (200..<300).contains(status) }

    /// What kind of body it is, and in which charset, as the service says.
    var contentType: String? { headers.first(name: "Content-Type") }

    /// How long the service wants to be left alone, where it says so in seconds.
    var retryAfterMs: Int? {
        guard let text = headers.first(name: "Retry-After"), let seconds = Double(text), (0..<1_000_000).contains(seconds) else { return nil }
        return Int(seconds * 1_000)
    }
}
