import Conversation
import CoreMetrics
import Logging
import NIOCore
import NIOWebSocket
import Twilio

/// One media socket on its event loop, and the only code that reads it: decodes each frame where it lies and hands it to the call.
///
/// What takes time, such as claiming the stream and making the call, is done by ``MediaStreamSocket``, which answers with ``admit()`` or
/// ``turnAway(_:)`` and then ``attach(_:)``.
final class MediaStreamHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// How far the socket has come.
    private enum Stage {
        /// Nothing but `connected` and `start` may come. Becomes `claiming` or `over`.
        case awaitingStart
        /// The stream is being claimed, and nothing is read. Becomes `streaming` or `over`.
        case claiming
        /// What comes is the call's. Becomes `over`.
        case streaming
        /// What comes is thrown away.
        case over
    }

    /// Something that ``MediaStreamSocket`` has to deal with.
    enum News: Sendable {
        case started(StreamStart)
        /// The stream has ended, and be it by a fault, while the socket is still open.
        case stopped
    }

    /// The most bytes that are read after our close; a peer that sends more is left waiting until the socket is closed.
    static let mostDiscarded = 16 << 20

    private let service: MediaStreamService
    private let admission: StreamAdmission
    private let line: MediaStreamLine
    private let watch: SocketWatch
    private let news: AsyncStream<News>.Continuation
    private var receiver: MediaStreamReceiver
    private var faults = MessageFaults()
    private var pace = RealTimePace()
    private let openedAt = NIODeadline.now()
    private var stage = Stage.awaitingStart
    /// Whether the peer or a fault has ended the socket.
    private var hasEnded = false
    /// Whether the end of the stream has been told.
    private var hasReported = false
    /// Whether the call has received `stopped`.
    private var hasStopped = false
    private var call: CallSession?
    /// What came before there was a call.
    private var early: [CallInput] = []
    /// Frames that came while the stream was being claimed.
    private var waiting: [WebSocketFrame] = []
    private var discarded = 0
    private var isHurried = false
    private var isReadWanted = false
    private var nextWatch: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    /// Where frames are unmasked.
    private var message: [UInt8] = []

    /// Makes the handler of an upgraded socket, which tells `news`.
    init(
        service: MediaStreamService,
        admission: StreamAdmission,
        line: MediaStreamLine,
        watch: SocketWatch,
        news: AsyncStream<News>.Continuation
    ) {
        self.service = service
        self.admission = admission
        self.line = line
        self.watch = watch
        self.news = news
        let session: SessionRecord? = if case .session(let session, _) = admission { session } else { nil }
        receiver = MediaStreamReceiver(session: admission.sessionID, callSid: session?.callID ?? "")
    }
}

// MARK: - The channel

extension MediaStreamHandler {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        keepWatch()
        guard case .unknown(_, let message) = admission else { return }
        service.tellError(message, stage: "session", to: admission, on: line)
        line.close(.policy, message)
        stage = .over
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        nextWatch?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if case .claiming = stage { waiting.append(frame) } else { take(frame) }
    }

    func read(context: ChannelHandlerContext) {
        if isHeld { isReadWanted = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        line.drain()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A peer that has closed its half of the connection without a close frame has left.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end()
        context.fireErrorCaught(error)
    }

    /// Whether the peer is left waiting.
    private var isHeld: Bool {
        if case .claiming = stage { return true }
        return isHurried || discarded >= Self.mostDiscarded
    }

    private func readOn() {
        guard isReadWanted, !isHeld else { return }
        isReadWanted = false
        context?.read()
    }

    /// Pings the peer, and closes the socket when it says nothing for too long.
    private func keepWatch() {
        nextWatch = context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(service.patience.ping)) {
            self.lookAtTheClock()
            self.keepWatch()
        }
    }

    private func lookAtTheClock() {
        guard !line.isFinished else { return }
        switch watch.verdict(patience: service.patience) {
        case .fine: line.send(.ping)
        case .noStart:
            // It has come, and the store takes its time.
            if case .claiming = stage { return }
            refuse(Refusal(.protocolFault, "no start came within \(service.patience.start)"))
            stage = .over
        case .silent:
            note("nothing came for \(service.patience.idle); the socket is closed")
            context?.close(promise: nil)
        }
    }
}

// MARK: - The stream's way

extension MediaStreamHandler {
    /// The stream was claimed: what comes now is its call's.
    func admit() {
        guard case .claiming = stage else { return }
        watch.hasStarted()
        leaveClaiming(for: .streaming)
    }

    /// The stream was not to be had.
    func turnAway(_ refusal: Refusal) {
        guard case .claiming = stage else { return }
        refuse(refusal)
        leaveClaiming(for: .over)
    }

    private func leaveClaiming(for next: Stage) {
        stage = next
        let frames = waiting
        waiting = []
        frames.forEach(take)
        if hasEnded { endStream() }
        readOn()
    }

    /// Begins the call, which gets what has come for it already.
    func attach(_ call: CallSession) {
        let inputs = early
        early = []
        self.call = call
        call.assumeIsolated { call in
            call.begin()
            inputs.forEach(call.take)
        }
    }

    /// Ends the stream for a reason of the server's.
    func stop(_ reason: String) {
        deliver(.stopped(reason))
    }

    private func deliver(_ input: CallInput) {
        guard let call else {
            if early.count >= MediaStreamService.mostInputs { early.removeFirst() }
            return early.append(input)
        }
        call.assumeIsolated { $0.take(input) }
    }

    /// The socket brings nothing more.
    private func end() {
        hasEnded = true
        if case .claiming = stage { return }
        endStream()
    }

    private func endStream() {
        guard !hasReported else { return }
        hasReported = true
        if case .streaming = stage, !hasStopped {
            audit(line.isFinished ? #"{"reason":"closed by the server"}"# : #"{"error":"the socket closed without stop"}"#)
            deliver(.lost("stream_lost"))
        }
        stage = .over
        news.finish()
        service.metrics.sequenceGaps.increment(by: receiver.sequenceGaps)
        faults.report(to: service, session: admission.sessionID)
    }

    private func endForProtocolFault(_ refusal: Refusal) {
        refuse(refusal)
        if case .streaming = stage, !hasStopped {
            hasStopped = true
            audit(#"{"error":"protocol"}"#)
            deliver(.stopped("protocol_fault"))
            news.yield(.stopped)
        }
        stage = .over
    }
}

// MARK: - Messages

extension MediaStreamHandler {
    private func take(_ frame: WebSocketFrame) {
        // An empty frame takes room, too.
        if line.isFinished { discarded += frame.length + 2 }
        switch frame.opcode {
        case .connectionClose: return close()
        case .text: read(frame)
        case .binary: if faults.count("binary") { note("a binary frame was ignored") }
        case .ping: line.send(.pong(Array(buffer: frame.unmaskedData)))
        default: break
        }
        if faults.total >= MessageFaults.most, !line.isFinished {
            endForProtocolFault(Refusal(.protocolFault, "too many unreadable messages"))
        }
    }

    /// The peer has closed its side.
    private func close() {
        end()
        line.close(.normal, "")
        line.flush()
        context?.close(promise: nil)
    }

    private func read(_ frame: WebSocketFrame) {
        watch.hear()
        if case .over = stage { return }
        do throws(MediaStreamError) {
            unmask(frame)
            receive(try MediaStreamCoding.decodeTwilioMessage(message.span))
        } catch {
            if faults.count(error.code.rawValue) { note("a message could not be read: \(error.message)") }
        }
    }

    private func unmask(_ frame: WebSocketFrame) {
        message.removeAll(keepingCapacity: true)
        message.append(contentsOf: frame.data.readableBytesView)
        guard let mask = frame.maskKey else { return }
        let key = (mask[0], mask[1], mask[2], mask[3])
        for place in stride(from: 0, to: message.count & ~3, by: 4) {
            message[place] ^= key.0
            message[place + 1] ^= key.1
            message[place + 2] ^= key.2
            message[place + 3] ^= key.3
        }
        for place in message.count & ~3..<message.count { message[place] ^= mask[place & 3] }
    }

    private func receive(_ message: TwilioMessage) {
        // A socket that was closed because no start came in time gets none any more.
        if case .awaitingStart = stage, line.isFinished { return }
        var bytes = RealTimePace.frameBytes
        switch (receiver.receive(message), stage) {
        case (.note(let text), _): if faults.isNew(text) { note(text) }
        case (.begin(let start), .awaitingStart):
            stage = .claiming
            news.yield(.started(start))
        case (.input(let input), .streaming):
            if case .audio(let payload, _) = input { bytes = payload.count }
            deliver(input)
        case (.stopped(let text), .streaming):
            hasStopped = true
            audit(text)
            deliver(.stopped("stream_stopped"))
            news.yield(.stopped)
        case (.refuse(let text), _): return endForProtocolFault(Refusal(.protocolFault, text))
        default: break
        }
        // What comes after our close is thrown away, as fast as it comes.
        if !line.isFinished { slowDown(aheadMs: pace.aheadMs(afterBytes: bytes)) }
    }

    private func slowDown(aheadMs: Int) {
        guard aheadMs > 0, !isHurried else { return }
        let allowed = openedAt + .milliseconds(Int64(aheadMs))
        guard allowed > .now() else { return }
        isHurried = true
        context?.eventLoop.assumeIsolated().scheduleTask(deadline: allowed) {
            self.isHurried = false
            self.readOn()
        }
    }

    private func audit(_ reason: String) {
        service.audit.record(.streamStopped(session: admission.sessionID, stream: receiver.streamSid ?? "", reason: reason))
    }

    private func refuse(_ refusal: Refusal) {
        guard !line.isFinished else { return }
        service.refuse(refusal, admission, on: line)
    }

    private func note(_ text: String) {
        service.logger.warning("A media message was skipped", metadata: ["session_id": "\(admission.sessionID)", "detail": "\(text)"])
    }
}
