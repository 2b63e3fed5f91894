import AsyncHTTPClient
import NIOCore

/// The body of a service's answer, taken piece by piece; letting go of it before its end closes the connection.
actor SpeechBody {
    private var iterator: HTTPClientResponse.Body.AsyncIterator

    /// Takes over a body that nobody has read.
    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    /// The next bytes; nil after the last.
    func next() async throws -> ByteBuffer? {
        var place = iterator
        defer { iterator = place }
        return try await place.next(isolation: self)
    }
}
