import Conversation
import NIOCore
import Twilio

/// Serves one media socket from its upgrade to its close: what takes time beside the frames, which ``MediaStreamHandler`` reads.
struct MediaStreamSocket: Sendable {
    /// How patient a socket is.
    struct Patience: Sendable {
        /// Between the upgrade and `start`.
        var start = Duration.seconds(10)
        /// Between two messages of a running stream; Twilio sends 50 a second.
        var idle = Duration.seconds(30)
        /// Between two pings, and between the checks of the other two.
        var ping = Duration.seconds(5)
        /// For the peer's answer to a close.
        var close = Duration.seconds(3)
    }

    /// The most bytes that are read from the connection at once: a dozen frames.
    private static let readBytes = 4096

    private let service: MediaStreamService
    private let admission: StreamAdmission
    private let channel: any Channel
    private let home: CallLoop
    private let line: MediaStreamLine
    private let watch = SocketWatch()
    private let handler: NIOLoopBound<MediaStreamHandler>
    private let news: AsyncStream<MediaStreamHandler.News>

    /// Takes over an upgraded connection; on its event loop.
    init(_ channel: any Channel, service: MediaStreamService, admission: StreamAdmission) throws {
        self.service = service
        self.admission = admission
        self.channel = channel
        home = service.loops.enter(channel)
        line = MediaStreamLine(channel, patience: service.patience.close)
        let (news, teller) = AsyncStream.makeStream(of: MediaStreamHandler.News.self)
        self.news = news
        let handler = MediaStreamHandler(service: service, admission: admission, line: line, watch: watch, news: teller)
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        let options = channel.syncOptions
        try options?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readBytes))
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Serves the socket until both sides have closed.
    func run() async {
        await withTaskCancellationHandler {
            if case .session(let session, _) = admission {
                service.audit.record(.streamConnected(session: session.id, call: session.callID))
                for await case .started(let start) in news {
                    await serve(session, start)
                    break
                }
            }
            // It may have been closed by a fault.
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func serve(_ session: SessionRecord, _ start: StreamStart) async {
        let claim = await service.claim(session, start: start, isTwilio: admission.isTwilio, isHeard: { [watch] in watch.isHeard }) { reason in
            channel.eventLoop.execute { handler.value.stop(reason) }
        }
        switch claim {
        case .failure(let refusal):
            await onLoop { $0.turnAway(refusal) }
        case .success(let claimed):
            await onLoop { $0.admit() }
            await withTaskGroup { group in
                group.addTask {
                    for await case .stopped in news { await service.directory.streamStopped(session.id) }
                }
                group.addTask {
                    try? await channel.closeFuture.get()
                    await service.directory.lineClosed(session.id)
                }
                await service.runCall(
                    claimed,
                    start: start,
                    line: line,
                    tellsEvents: service.tellsEvents(to: admission),
                    on: home
                ) { call in
                    await onLoop { $0.attach(call) }
                }
                group.cancelAll()
            }
        }
    }

    private func onLoop(_ body: @escaping @Sendable (MediaStreamHandler) -> Void) async {
        // An event loop that is shut down has closed its sockets.
        try? await channel.eventLoop.submit { body(handler.value) }.get()
    }
}
