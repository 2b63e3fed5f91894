import NIOCore

/// Tells of a socket's errors, such as a message over the limit, which NIO answers with a close and then forgets.
final class SocketFaultHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let report: @Sendable (any Error) -> Void

    /// Makes a handler that reports to this closure.
    init(report: @escaping @Sendable (any Error) -> Void) {
        self.report = report
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        report(error)
        context.fireErrorCaught(error)
    }
}
