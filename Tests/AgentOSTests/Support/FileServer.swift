import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TwilioTwin

/// An HTTP server of a few lines for downloads: says what it is told to, and can break off.
struct FileServer: Sendable {
    /// What it answers.
    struct Answer: Sendable {
        var status: HTTPResponseStatus
        var headers: HTTPHeaders = [:]
        var body: [UInt8] = []
        /// After how many bytes of the body the connection is dropped; nil for never.
        var breaksAfter: Int?
    }

    /// A request, as far as downloads go.
    struct Request: Sendable, Equatable {
        var uri: String
        var range: String?
    }

    private typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    /// The port it listens on.
    let port: Int
    private let log: Log

    /// Its address.
    var url: String { "http://127.0.0.1:\(port)" }

    /// What was asked for so far.
    var requests: [Request] { log.requests.withLock(\.self) }

    /// Runs a server while `body` runs.
    static func withServer(answer: @escaping @Sendable (Request) -> Answer, _ body: (FileServer) async throws -> Void) async throws {
        let log = Log()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try HTTPChannel(wrappingChannelSynchronously: channel)
                }
            }
        let port = listener.channel.localAddress?.port ?? 0
        try await listener.serving {
            try? await respond($0, answer, log)
        } while: {
            try await body(FileServer(port: port, log: log))
        }
    }

    /// Answers one request and closes.
    private static func respond(_ channel: HTTPChannel, _ answer: @Sendable (Request) -> Answer, _ log: Log) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var request = Request(uri: "", range: nil)
            for try await part in inbound {
                if case .head(let head) = part { request = Request(uri: head.uri, range: head.headers.first(name: "Range")) }
                // Read to its end: closed with bytes unread, the connection would be reset and the answer lost.
                guard case .end = part else { continue }
                log.requests.withLock { [request] in $0.append(request) }
                let answer = answer(request)
                var headers = answer.headers
                headers.add(name: "Connection", value: "close")
                headers.add(name: "Content-Length", value: "\(answer.body.count)")
                try await outbound.write(.head(.init(version: .http1_1, status: answer.status, headers: headers)))
                try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: answer.body.prefix(answer.breaksAfter ?? .max)))))
                // Left without an end, the connection closes in the middle of the body.
                if answer.breaksAfter == nil { try await outbound.write(.end(nil)) }
                return
            }
        }
    }
}

extension FileServer.Answer {
    /// A file, or the rest of it that a request asks for; broken off `breaksAfter` bytes on.
    static func file(_ content: [UInt8], _ request: FileServer.Request, breaksAfter: Int? = nil) -> Self {
        guard let range = request.range, let start = Int(range.dropFirst("bytes=".count).dropLast()) else {
            return .init(status: .ok, body: content, breaksAfter: breaksAfter)
        }
        guard start < content.count else { return .init(status: .rangeNotSatisfiable) }
        let headers: HTTPHeaders = ["Content-Range": "bytes \(start)-\(content.count - 1)/\(content.count)"]
        return .init(status: .partialContent, headers: headers, body: Array(content[start...]), breaksAfter: breaksAfter)
    }
}
