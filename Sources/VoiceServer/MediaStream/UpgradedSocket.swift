import NIOCore
import NIOWebSocket
import Synchronization

/// A socket that has been upgraded: its channel, and the frames that come on it.
struct UpgradedSocket: Sendable {
    /// The connection.
    let channel: any Channel
    /// What comes on it.
    let inbox: SocketInbox

    /// Takes over a channel's frames; on its event loop.
    init(_ channel: any Channel) throws {
        self.channel = channel
        inbox = SocketInbox(channel)
        try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
    }
}

/// The frames of a socket that wait to be read.
///
/// A peer that sends more than can be read is left waiting.
final class SocketInbox: Sendable {
    /// With so many waiting, the socket is not read on.
    static let mostWaiting = 32

    private let frames = Mailbox<WebSocketFrame>()
    private let channel: any Channel
    /// Whether the socket is not read because too much waits.
    private let isHeld = Mutex(false)

    fileprivate init(_ channel: any Channel) {
        self.channel = channel
    }

    /// The frames that wait, as soon as there is one; nil once the socket has ended, and once the task is cancelled.
    func next() async -> [WebSocketFrame]? {
        let waiting = await frames.next()
        if release() { channel.read() }
        return waiting
    }

    fileprivate func put(_ frame: WebSocketFrame) { _ = frames.put(frame) }

    fileprivate func end() { frames.end() }

    /// Whether the socket may be read on; if not, ``next()`` has it read on.
    fileprivate func mayRead() -> Bool {
        guard frames.count >= Self.mostWaiting else { return true }
        isHeld.withLock { $0 = true }
        // They may have been taken meanwhile.
        return frames.count < Self.mostWaiting && release()
    }

    private func release() -> Bool {
        isHeld.withLock { isHeld in
            defer { isHeld = false }
            return isHeld
        }
    }
}

/// Puts what comes into an inbox.
private final class InboxHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let inbox: SocketInbox

    init(_ inbox: SocketInbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.put(unwrapInboundIn(data))
    }

    func read(context: ChannelHandlerContext) {
        if inbox.mayRead() { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.end()
        context.fireErrorCaught(error)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        inbox.end()
    }
}
