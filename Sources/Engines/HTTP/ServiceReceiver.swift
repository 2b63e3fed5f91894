import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes an answer from its connection as fast as it arrives, and keeps it for a reader.
///
/// AsyncHTTPClient's own body sequence asks the connection for bytes only when its reader does. Bytes that arrive together with
/// the end of the connection, while nobody reads, are dropped there: the last words of an answer would be lost. This delegate always asks
/// for more, on the connection's event loop, until ``mostWaiting`` bytes wait. (Demanding the loop from the client instead would cost
/// the reuse of connections.)
final class ServiceReceiver: HTTPClientResponseDelegate, Sendable {
    /// A part of an answer.
    enum Part: Sendable {
        /// Always the first part.
        case head(HTTPResponseHead)
        case bytes(ByteBuffer)
    }

    typealias Response = Void
    typealias Parts = AsyncThrowingStream<Part, any Error>

    /// Bytes that may wait for the reader before the service is slowed down.
    private static let mostWaiting = 1 << 20

    private struct Backlog {
        var bytes = 0
        /// Set while the connection waits for the reader.
        var resume: EventLoopPromise<Void>?
    }

    private let queue: Parts.Continuation
    private let backlog = Mutex(Backlog())

    private init(_ queue: Parts.Continuation) { self.queue = queue }

    /// Sends a request.
    ///
    /// - Returns: the parts of the answer. Letting go of them cancels the request and closes its connection.
    /// - Throws: `HTTPClientError` if the request cannot be sent at all.
    static func send(_ request: ServiceRequest, with http: HTTPClient) throws -> (parts: Parts, receiver: ServiceReceiver) {
        var body: HTTPClient.Body?
        if case .bytes(let bytes)? = request.body { body = .byteBuffer(bytes) }
        let sendable = try HTTPClient.Request(url: request.url, method: request.method, headers: request.headers, body: body)
        let (parts, queue) = Parts.makeStream()
        let receiver = ServiceReceiver(queue)
        let task = http.execute(
            request: sendable,
            delegate: receiver,
            eventLoop: .delegate(on: http.eventLoopGroup.any()),
            deadline: .distantFuture
        )
        queue.onTermination = { [receiver] reason in
            receiver.resume()
            if case .cancelled = reason { task.cancel() }
        }
        return (parts, receiver)
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        queue.yield(.head(head))
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let wait = backlog.withLock { backlog -> EventLoopPromise<Void>? in
            backlog.bytes += buffer.readableBytes
            guard backlog.bytes > Self.mostWaiting, backlog.resume == nil else { return nil }
            backlog.resume = task.eventLoop.makePromise()
            return backlog.resume
        }
        if case .terminated = queue.yield(.bytes(buffer)) { resume() }
        return wait?.futureResult ?? task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) { queue.finish() }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) { queue.finish(throwing: error) }

    /// Notes that the reader took bytes.
    func took(_ count: Int) {
        let isRoomy = backlog.withLock { backlog in
            backlog.bytes -= count
            return backlog.bytes <= Self.mostWaiting
        }
        if isRoomy { resume() }
    }

    private func resume() {
        let waiting = backlog.withLock { backlog in
            defer { backlog.resume = nil }
            return backlog.resume
        }
        waiting?.succeed()
    }
}

/// A request to a service.
struct ServiceRequest: Sendable {
    /// What a request carries.
    enum Body: Sendable {
        case bytes(ByteBuffer)
    }

    /// The whole address.
    var url: String
    var method = HTTPMethod.GET
    var headers = HTTPHeaders()
    var body: Body?
}
