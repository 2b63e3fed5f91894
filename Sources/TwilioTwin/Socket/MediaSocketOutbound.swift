import NIOCore
import NIOWebSocket
import Synchronization

/// Writes to a media socket; each call suspends while the server does not read.
package struct MediaSocketOutbound: Sendable {
    private let writer: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    private let channel: any Channel
    private let closing = Closing()

    init(writer: NIOAsyncChannelOutboundWriter<WebSocketFrame>, channel: any Channel) {
        self.writer = writer
        self.channel = channel
    }

    /// Whether the server leaves unread what was sent: a write waits until it reads.
    var isBlocked: Bool { !channel.isWritable }

    /// Whether the close frame was sent: there is one a connection (RFC 6455, section 5.5.1).
    private final class Closing: Sendable {
        let isSent = Atomic(false)
    }

    /// Sends a text frame.
    package func text(_ bytes: [UInt8]) async throws { try await write(.text, ByteBuffer(bytes: bytes)) }

    /// Sends a binary frame.
    package func binary(_ bytes: [UInt8]) async throws { try await write(.binary, ByteBuffer(bytes: bytes)) }

    /// Sends a close frame, unless one was sent before.
    package func close(code: Int) async throws {
        guard !closing.isSent.exchange(true, ordering: .relaxed) else { return }
        var data = ByteBuffer()
        data.writeInteger(UInt16(clamping: code))
        try await write(.connectionClose, data)
    }

    /// Answers a ping.
    func pong(_ data: ByteBuffer) async throws { try await write(.pong, data) }

    /// Clients mask what they send (RFC 6455, section 5.3).
    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
        try await writer.write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data))
    }
}
