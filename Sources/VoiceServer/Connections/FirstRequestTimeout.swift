import NIOCore

/// Closes a connection whose first request head does not come in time, or that has sent none when the server shuts down.
///
/// Without it such a connection would hold the shutdown open: quiescing waits for requests in progress.
final class FirstRequestTimeout: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let after: TimeAmount
    private let noteSlow: @Sendable () -> Void
    private var timer: Scheduled<Void>?

    /// Makes a handler that waits this long and says so when it has waited in vain.
    init(after: TimeAmount, noteSlow: @escaping @Sendable () -> Void) {
        self.after = after
        self.noteSlow = noteSlow
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: after) { [noteSlow] in
            noteSlow()
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        context.close(promise: nil)
    }
}
