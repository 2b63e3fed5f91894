import NIOCore
import NIOPosix

/// Plain TCP: says what it is told to, whether or not that is HTTP.
enum RawPeer {
    /// Sends text and gives all that comes back until the server closes, or has said enough.
    static func ask(_ port: Int, _ text: String) async throws -> String { try await ask(port, Array(text.utf8)) }

    /// Sends bytes and gives all that comes back until the server closes, or has said enough.
    static func ask(_ port: Int, _ bytes: [UInt8]) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        // Whoever waits for an answer that never comes does not wait for ever.
        let patience = channel.channel.eventLoop.scheduleTask(in: .seconds(20)) { channel.channel.close(promise: nil) }
        defer { patience.cancel() }
        var answer = ""
        do {
            try await channel.executeThenClose { inbound, outbound in
                async let writing: Void = outbound.write(ByteBuffer(bytes: bytes))
                for try await piece in inbound {
                    answer += String(buffer: piece)
                    if answer.contains("\r\n\r\n") { break }
                }
                // The server may have stopped reading before all was said.
                channel.channel.close(promise: nil)
                try? await writing
            }
        } catch  where !answer.isEmpty {
            // A reset after the answer.
        }
        return answer
    }

    /// Opens a connection, says a little, and leaves it open.
    static func connect(_ port: Int, saying text: String) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port)
            .get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        return channel
    }
}
