import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose requests do not come whole in time, also when they trickle, and keeps its place in the waiting room.
final class RequestDeadline: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What the connection is about.
    private enum State {
        /// No request is here or on its way. Becomes `receiving`.
        case waiting
        /// A request's head has come, its end has not. Becomes `answering` or, if it was answered before it was whole, `waiting`.
        case receiving
        /// Requests wait for their answers; that is our time, not the peer's. Becomes `waiting` or `receiving`.
        case answering
    }

    private let limits: ConnectionLimits
    private let room: WaitingRoom
    private let noteCut: @Sendable (ConnectionCut) -> Void
    private var state = State.waiting
    private var isReceiving = false
    private var unanswered = 0
    private var timer: Scheduled<Void>?

    /// Makes a handler for a connection that is in the room already; `noteCut` is told when time is up.
    init(limits: ConnectionLimits, room: WaitingRoom, noteCut: @escaping @Sendable (ConnectionCut) -> Void) {
        self.limits = limits
        self.room = room
        self.noteCut = noteCut
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wind(context, limits.idle, .idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReceiving = true
            unanswered += 1
            update(context)
        case .body: break
        case .end:
            isReceiving = false
            update(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            update(context)
        }
        context.write(data, promise: promise)
    }

    private func update(_ context: ChannelHandlerContext) {
        let now: State = isReceiving ? .receiving : unanswered > 0 ? .answering : .waiting
        guard now != state else { return }
        let before = state
        state = now
        switch now {
        case .receiving:
            wind(context, limits.request, .slow)
            if before == .answering { room.enter(context.channel) }
        case .answering:
            timer?.cancel()
            room.leave(context.channel)
        case .waiting:
            wind(context, limits.idle, .idle)
            room.enter(context.channel)
        }
    }

    private func wind(_ context: ChannelHandlerContext, _ patience: TimeAmount, _ cut: ConnectionCut) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: patience) { [noteCut] in
            noteCut(cut)
            channel.close(promise: nil)
        }
    }
}
