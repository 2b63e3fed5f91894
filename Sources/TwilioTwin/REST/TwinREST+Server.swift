import Diagnostics
import NIOCore
import NIOHTTP1
import NIOPosix

extension TwinREST {
    private typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// Listens on a port of this machine, any free one when 0, while `body` runs; lends it the URL, without a slash at the end.
    ///
    /// - Throws: ``TwinError`` with `portUnavailable`, or what `body` throws.
    package func withServer<Value: Sendable>(port: Int = 0, _ body: (_ url: String) async throws -> Value) async throws -> Value {
        let listener = try await listen(port)
        let url = "http://127.0.0.1:\(listener.channel.localAddress?.port ?? port)"
        // A broken connection does not affect the others.
        return try await listener.serving {
            try? await self.talk(on: $0)
        } while: {
            try await body(url)
        }
    }

    private func listen(_ port: Int) async throws -> NIOAsyncChannel<Channel, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                        return try Channel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            let why = ConnectionTrouble(error).reason
            throw TwinError(.portUnavailable, "Twilio's API cannot be played on port \(port): \(why); choose another port")
        }
    }

    /// Answers requests, one after the other.
    private func talk(on channel: Channel) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var request: RESTRequest?
            for try await part in inbound {
                switch part {
                case .head(let head):
                    request = RESTRequest(head)
                case .body(let piece):
                    guard request?.take(piece) == true else { return }
                case .end:
                    guard let complete = request else { return }
                    try await Self.write(answer(complete), isKeepAlive: complete.isKeepAlive, to: outbound)
                    guard complete.isKeepAlive else { return }
                }
            }
        }
    }

    private static func write(
        _ answer: RESTAnswer,
        isKeepAlive: Bool,
        to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        var headers: HTTPHeaders = ["Content-Type": "application/json; charset=utf-8", "Content-Length": "\(answer.body.utf8.count)"]
        if !isKeepAlive { headers.add(name: "Connection", value: "close") }
        try await outbound.write(.head(.init(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: answer.body))))
        try await outbound.write(.end(nil))
    }
}
