import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// A connection that is HTTP/1.1 until its first request asks for a WebSocket and the request is found good.
///
/// The decision is taken on the whole request head before the upgrade, so that a refusal is an HTTP answer.
struct WebSocketUpgradeChannel<Admission: Sendable>: ServerChildChannel {
    /// What an upgrade request comes to.
    enum Decision: Sendable {
        /// Upgrade, and serve the socket with this.
        case accept(Admission)
        /// Answer with this status, close the connection.
        case refuse(HTTPResponse.Status, String)

        /// The status of the answer.
        var status: HTTPResponse.Status {
            switch self {
            case .accept: .switchingProtocols
            case .refuse(let status, _): status
            }
        }
    }

    /// What a connection has become.
    enum Outcome: Sendable {
        case http(HTTP1Channel.Value)
        /// A socket, and what serves it.
        case webSocket(Service)
        case refused
    }

    /// The connection and what becomes of it.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<Outcome>
    }

    let http: HTTP1Channel
    let limits: ConnectionLimits
    let room: WaitingRoom
    /// Whether the connection is secured before it gets here.
    let isSecured: Bool
    /// Told of each connection that is closed because of what its peer did not do.
    let noteCut: @Sendable (ConnectionCut) -> Void
    let decide: @Sendable (HTTPRequestHead, (any Channel)) async -> Decision
    /// Told of what is wrong with an upgraded socket; the channel is closed by then, or about to be.
    let noteFault: @Sendable (Admission, any Error) -> Void
    /// Takes over an upgraded connection, on its event loop.
    let open: @Sendable (any Channel, Admission) throws -> Service

    /// Serves a socket until it is closed.
    typealias Service = @Sendable () async -> Void

    /// The handlers that see a connection to its first request, and are then in the way.
    private typealias Doorkeepers = NIOLoopBound<[any RemovableChannelHandler]>

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        room.enter(channel)
        channel.closeFuture.whenComplete { _ in room.leave(channel) }
        return channel.eventLoop.makeCompletedFuture {
            let timeout = FirstRequestTimeout(after: limits.firstRequest) { noteCut(.slow) }
            let malformed = MalformedHeadHandler()
            let doorkeepers = Doorkeepers([timeout, malformed], eventLoop: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(timeout)
            let decision = NIOLoopBoundBox<Decision?>(nil, eventLoop: channel.eventLoop)
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [upgrader(decision, doorkeepers)],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        dismiss(doorkeepers, from: channel)
                        return try becomeHTTP(channel, decision: decision.value, logger: logger)
                    }
                }
            )
            var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            pipeline.enablePipelining = false
            pipeline.enableErrorHandling = false
            pipeline.decoderConfiguration = limits.decoder
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(configuration: pipeline)
            try channel.pipeline.syncOperations.addHandler(malformed)
            return Value(channel: channel, outcome: outcome)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let channel): await http.handle(value: channel, logger: logger)
            case .webSocket(let serve): await serve()
            case .refused: try await value.channel.closeFuture.get()
            }
        } catch {
            // The peer left, or never spoke HTTP; nothing else closes the channel then.
            value.channel.close(promise: nil)
        }
    }

    private func dismiss(_ doorkeepers: Doorkeepers, from channel: any Channel) {
        for handler in doorkeepers.value { channel.pipeline.syncOperations.removeHandler(handler, promise: nil) }
    }

    private func upgrader(
        _ decision: NIOLoopBoundBox<Decision?>,
        _ doorkeepers: Doorkeepers
    ) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: limits.messageBytes,
            shouldUpgrade: { channel, head in
                let decided = channel.eventLoop.makeFutureWithTask { await decide(head, channel) }
                return decided.hop(to: channel.eventLoop).assumeIsolated().map { made in
                    decision.value = made
                    guard case .accept = made else { return nil }
                    return HTTPHeaders()
                }.nonisolated()
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    dismiss(doorkeepers, from: channel)
                    room.leave(channel)
                    guard case .accept(let admission) = decision.value else { return .refused }
                    let joiner = NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1,
                        maxAccumulatedFrameCount: 1024,
                        maxAccumulatedFrameSize: limits.messageBytes
                    )
                    try channel.pipeline.syncOperations.addHandlers([joiner, SocketFaultHandler { noteFault(admission, $0) }])
                    return .webSocket(try open(channel, admission))
                }
            }
        )
    }

    /// Goes on as HTTP, or, after a refusal, answers without reading on: the request was swallowed by the upgrade.
    private func becomeHTTP(_ channel: any Channel, decision: Decision?, logger: Logger) throws -> Outcome {
        if case .refuse(let status, let text) = decision {
            let body = ByteBuffer(string: text + "\n")
            var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status.code, reasonPhrase: status.reasonPhrase))
            head.headers = ["Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(body.readableBytes)", "Connection": "close"]
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil)).assumeIsolated().whenComplete { _ in channel.close(promise: nil) }
            return .refused
        }
        try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: isSecured))
        try channel.pipeline.syncOperations.addHandlers([
            IdleStateHandler(allTimeout: limits.idle), IdleConnectionHandler { noteCut(.idle) },
            RequestDeadline(limits: limits, room: room, noteCut: noteCut), HTTPConnectionStateHandler(idleTimeout: nil, logger: logger),
        ])
        return .http(try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
}
