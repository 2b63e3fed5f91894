import NIOCore
import NIOWebSocket

/// The server's messages on a media socket, in order.
///
/// Pings are answered here. The sequence ends with the connection; when the server closed in due form, ``MediaSocketMessage/closed(code:)`` comes last.
package struct MediaSocketInbound: AsyncSequence, Sendable {
    package typealias Element = MediaSocketMessage

    let frames: NIOAsyncChannelInboundStream<WebSocketFrame>
    let outbound: MediaSocketOutbound

    package func makeAsyncIterator() -> Iterator { Iterator(frames: frames.makeAsyncIterator(), outbound: outbound) }

    /// Reads message after message.
    package struct Iterator: AsyncIteratorProtocol {
        var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
        let outbound: MediaSocketOutbound
        var isClosed = false

        package mutating func next() async throws -> MediaSocketMessage? { try await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> MediaSocketMessage? {
            while !isClosed, let frame = try await frames.next(isolation: actor) {
                if let message = try await message(in: frame) { return message }
            }
            return nil
        }

        private mutating func message(in frame: WebSocketFrame) async throws -> MediaSocketMessage? {
            var data = frame.unmaskedData
            switch frame.opcode {
            case .text:
                return .text(data.readBytes(length: data.readableBytes) ?? [])
            case .binary:
                return .binary(data.readBytes(length: data.readableBytes) ?? [])
            case .ping:
                try await outbound.pong(data)
                return nil
            case .connectionClose:
                isClosed = true
                let code = data.readInteger(as: UInt16.self).map(Int.init)
                // The peer may be gone already; its close stands all the same.
                try? await outbound.close(code: code ?? 1000)
                return .closed(code: code)
            default:
                return nil
            }
        }
    }
}

/// A message of the server on a media socket.
package enum MediaSocketMessage: Sendable, Equatable {
    /// A text frame, its fragments joined.
    case text([UInt8])
    /// A binary frame.
    case binary([UInt8])
    /// The server closes, with its code where it gave one.
    case closed(code: Int?)
}
