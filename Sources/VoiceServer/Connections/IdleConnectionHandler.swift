import NIOCore

/// Closes an HTTP connection on which nothing has moved for too long, also in the middle of a slow request.
final class IdleConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let noteIdle: @Sendable () -> Void

    /// Makes a handler that says so when it closes the connection.
    init(noteIdle: @escaping @Sendable () -> Void) {
        self.noteIdle = noteIdle
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        noteIdle()
        context.close(promise: nil)
    }
}
