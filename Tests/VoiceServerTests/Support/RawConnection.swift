import NIOCore
import NIOPosix

/// A TCP connection that says what a test wants and nothing else.
struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Sends text.
    func send(_ text: String) async throws {
        try await channel.channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws {
        try await channel.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Closes this side of the connection, and reads on.
    func endSending() async throws { try await channel.channel.close(mode: .output).get() }

    /// Closes the connection and reads no more.
    func close() { channel.channel.close(promise: nil) }

    /// Whether the connection still stands, as far as is known here.
    var isOpen: Bool { channel.channel.isActive }

    /// Lends a connection to a server; with `receiveBuffer` the system keeps only so many bytes that were not read.
    static func lend<Result: Sendable>(
        to server: TestServer,
        receiveBuffer: Int = 1 << 17,
        _ body: (RawConnection, inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
            .connect(host: "127.0.0.1", port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        var outcome: Result?
        do {
            return try await channel.executeThenClose { inbound, _ in
                var iterator = inbound.makeAsyncIterator()
                let result = try await body(RawConnection(channel: channel), &iterator)
                outcome = result
                return result
            }
        } catch {
            // A connection that the server has reset closes with an error, which is no news.
            guard let outcome else { throw error }
            return outcome
        }
    }
}

extension NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator {
    /// All that comes until the other side closes; a reset is a close.
    mutating func untilClosed() async -> String {
        var text = ""
        while let bytes = try? await next(isolation: #isolation) { text += String(buffer: bytes) }
        return text
    }

    /// What comes up to and including `end`.
    mutating func until(_ end: String) async throws -> String {
        var text = ""
        while !text.contains(end), let bytes = try await next(isolation: #isolation) { text += String(buffer: bytes) }
        return text
    }
}
