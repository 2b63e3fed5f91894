import Diagnostics
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A WebSocket client as Twilio's: text frames, no extensions, no subprotocol, pings answered.
package struct MediaStreamClient: Sendable {
    /// Where to connect.
    package let target: MediaSocketTarget
    /// The most that connecting and the handshake may take together.
    package let timeout: Duration
    /// The largest message taken from the server, in bytes, its fragments joined.
    package let maximumMessageBytes: Int

    /// Makes a client that has not connected.
    package init(target: MediaSocketTarget, timeout: Duration = .seconds(10), maximumMessageBytes: Int = 4 << 20) {
        self.target = target
        self.timeout = timeout
        self.maximumMessageBytes = maximumMessageBytes
    }

    typealias WebSocketChannel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    typealias HTTPChannel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// What the server made of the handshake.
    private enum Upgrade: Sendable {
        case accepted(WebSocketChannel)
        case refused(HTTPChannel)
    }

    /// Connects, lends the socket to `body`, and closes the connection when it returns; without a close frame unless `body` sent one.
    ///
    /// - Throws: ``TwinError`` with `socketUnreachable` or `handshakeRefused`, or what `body` throws.
    package func withConnection<Result: Sendable>(
        _ body: (_ inbound: MediaSocketInbound, _ outbound: MediaSocketOutbound) async throws -> Result
    ) async throws -> Result {
        switch try await upgrade() {
        case .accepted(let channel):
            return try await channel.executeThenClose { inbound, outbound in
                let writer = MediaSocketOutbound(writer: outbound, channel: channel.channel)
                return try await body(MediaSocketInbound(frames: inbound, outbound: writer), writer)
            }
        case .refused(let channel):
            throw try await refusal(channel)
        }
    }

    private func upgrade() async throws -> Upgrade {
        do {
            return try await connect().get()
        } catch {
            let hint = target.isElsewhere ? "; if this is the public address of the server that answered, give it with --public-url" : ""
            throw error as? TwinError ?? TwinError(.socketUnreachable, "no media socket at \(address): \(ConnectionTrouble(error))\(hint)")
        }
    }

    private var address: String { "\(target.isSecure ? "wss" : "ws")://\(target.authority)\(target.path)" }

    private func connect() async throws -> EventLoopFuture<Upgrade> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.init(timeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: target.host, port: target.port) { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel) }
            }
    }

    /// TLS where wanted, then HTTP until the server has answered.
    private func configure(_ channel: any Channel) throws -> EventLoopFuture<Upgrade> {
        if target.isSecure { try channel.pipeline.syncOperations.addHandler(tlsHandler()) }
        let patience = channel.eventLoop.scheduleTask(in: .init(timeout)) { channel.close(promise: nil) }
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Upgrade>(
            upgradeRequestHead: requestHead,
            upgraders: [upgrader(cancelling: patience)],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture { .refused(try HTTPChannel(wrappingChannelSynchronously: channel)) }
            }
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // What the server sends right behind its 101 would be lost by default.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
    }

    private func upgrader(cancelling patience: Scheduled<Void>) -> NIOTypedWebSocketClientUpgrader<Upgrade> {
        NIOTypedWebSocketClientUpgrader(maxFrameSize: maximumMessageBytes) { channel, _ in
            patience.cancel()
            return channel.eventLoop.makeCompletedFuture {
                let aggregator = NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0,
                    maxAccumulatedFrameCount: 4096,
                    maxAccumulatedFrameSize: maximumMessageBytes
                )
                try channel.pipeline.syncOperations.addHandler(aggregator)
                return .accepted(try WebSocketChannel(wrappingChannelSynchronously: channel))
            }
        }
    }

    private func tlsHandler() throws -> NIOSSLClientHandler {
        let configuration = try CertificateTrust.configuration(checksCertificate: target.checksCertificate, caFile: target.caFile)
        let context = try NIOSSLContext(configuration: configuration)
        let isAddress = (try? SocketAddress(ipAddress: target.host, port: target.port)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : target.host)
    }

    private var requestHead: HTTPRequestHead {
        var headers = HTTPHeaders([("Host", target.authority)])
        for header in target.headers { headers.add(name: header.name, value: header.value) }
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: target.path, headers: headers)
    }

    /// Reads the refusal: its status and the beginning of its body.
    private func refusal(_ channel: HTTPChannel) async throws -> TwinError {
        try await channel.executeThenClose { inbound, _ in
            var status: HTTPResponseStatus?
            var body = ""
            parts: for try await part in inbound {
                switch part {
                case .head(let head): status = head.status
                case .body(let piece): body += String(buffer: piece)
                case .end: break parts
                }
                if body.utf8.count > 200 { break }
            }
            let code = Int(status?.code ?? 0)
            let said = body.allSatisfy(\.isWhitespace) ? "" : ": \(OneLine(body))"
            return TwinError(.handshakeRefused, "the server refused the media socket with HTTP \(code)\(said)", status: code)
        }
    }
}

extension TimeAmount {
    /// The same time, to the nanosecond.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
