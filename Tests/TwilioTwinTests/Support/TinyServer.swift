import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import TwilioTwin

/// A voice server of a few lines: answers webhooks with what `answer` says, and lends each media socket to `session`.
struct TinyServer: Sendable {
    /// A request as it came in; the body of a webhook, empty for a handshake.
    struct Request: Sendable {
        var method: String
        var uri: String
        var headers: HTTPHeaders
        var body: String
    }

    typealias Inbound = NIOAsyncChannelInboundStream<WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>
    private typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    private enum Connection: Sendable {
        case http(HTTPChannel, isRefused: Bool)
        case media(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>)
    }

    /// The port it listens on.
    let port: Int
    private let log: Requests

    /// What came in so far.
    var requests: [Request] { log.all.withLock { $0 } }

    private final class Requests: Sendable {
        let all = Mutex<[Request]>([])
    }

    /// Runs a server while `body` runs.
    ///
    /// `answer` gives a status and a document for a webhook; `refusal` refuses handshakes with this status when set; `session` is the server's
    /// end of a media socket, and when it returns the connection is dropped.
    static func withServer(
        answer: @escaping @Sendable (Request) -> (status: Int, body: String),
        refusal: Int? = nil,
        session: @escaping @Sendable (Inbound, Outbound) async throws -> Void = { _, _ in },
        _ body: (TinyServer) async throws -> Void
    ) async throws {
        let log = Requests()
        let listener = try await listen(refusal: refusal, log: log)
        let port = listener.channel.localAddress?.port ?? 0
        try await listener.serving { connection in
            switch try? await connection.get() {
            case .media(let channel):
                try? await channel.executeThenClose { inbound, outbound in try await session(inbound, outbound) }
            case .http(let channel, let isRefused):
                try? await respond(channel, status: isRefused ? refusal : nil, answer: answer, log: log)
            case nil:
                break
            }
        } while: {
            try await body(TinyServer(port: port, log: log))
        }
    }

    private static func listen(refusal: Int?, log: Requests) async throws -> NIOAsyncChannel<EventLoopFuture<Connection>, Never> {
        try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let cell = Cell()
                    let upgrader = NIOTypedWebSocketServerUpgrader<Connection>(
                        shouldUpgrade: { channel, head in
                            log.all.withLock { $0.append(.init(method: "UPGRADE", uri: head.uri, headers: head.headers, body: "")) }
                            if refusal != nil { cell.isRefused.withLock { $0 = true } }
                            return channel.eventLoop.makeSucceededFuture(refusal == nil ? HTTPHeaders() : nil)
                        },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture { .media(try .init(wrappingChannelSynchronously: channel)) }
                        }
                    )
                    let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Connection>(
                        upgraders: [upgrader],
                        notUpgradingCompletionHandler: { channel in
                            channel.eventLoop.makeCompletedFuture {
                                let isRefused = cell.isRefused.withLock { $0 }
                                return .http(try HTTPChannel(wrappingChannelSynchronously: channel), isRefused: isRefused)
                            }
                        }
                    )
                    return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                        configuration: .init(upgradeConfiguration: upgrade)
                    )
                }
            }
    }

    private final class Cell: Sendable {
        let isRefused = Mutex(false)
    }

    /// Answers one request and closes.
    ///
    /// A refused handshake is answered unread: NIO has taken the request.
    private static func respond(
        _ channel: HTTPChannel,
        status: Int?,
        answer: @Sendable (Request) -> (status: Int, body: String),
        log: Requests
    ) async throws {
        try await channel.executeThenClose { inbound, outbound in
            if let status { return try await write((status, "no such session"), to: outbound) }
            var request = Request(method: "", uri: "", headers: [:], body: "")
            for try await part in inbound {
                switch part {
                case .head(let head):
                    request = Request(method: head.method.rawValue, uri: head.uri, headers: head.headers, body: "")
                case .body(let piece):
                    request.body += String(buffer: piece)
                case .end:
                    log.all.withLock { [request] in $0.append(request) }
                    return try await write(answer(request), to: outbound)
                }
            }
        }
    }

    private static func write(
        _ answer: (status: Int, body: String),
        to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        let headers: HTTPHeaders = ["Content-Type": "application/xml", "Content-Length": "\(answer.body.utf8.count)", "Connection": "close"]
        try await outbound.write(.head(.init(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: answer.body))))
        try await outbound.write(.end(nil))
    }
}
