import Diagnostics
import Engines
import CoreMetrics
import Conversation
import Logging
import NIOCore
import NIOWebSocket
import Synchronization
import Twilio

/// Serves one media socket from its upgrade to its close.
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

    let service: MediaStreamService
    let admission: StreamAdmission
    let line = MediaStreamLine()
    private let watch = SocketWatch()

    /// Makes the server of a socket that has been upgraded.
    init(service: MediaStreamService, admission: StreamAdmission) {
        self.service = service
        self.admission = admission
    }

    /// Reads and writes until both sides have closed.
    func run(_ socket: UpgradedSocket) async {
        let channel = socket.channel
        let executor = EventLoopTaskExecutor(channel.eventLoop)
        await withTaskExecutorPreference(executor) {
            async let _: Void = keepWatch(over: channel)
            async let writing: Void = write(to: channel)
            // Ends when the peer has gone and its call is over; every other fault closes the channel to get here.
            await read(socket.inbox, on: channel.eventLoop)
            if watch.isClosedByPeer { line.close(.normal, "") }
            line.finish()
            _ = await writing
            // It may have been closed before.
            try? await channel.close()
            // Leaving the scope cancels the watch.
        }
    }
}

// MARK: - Reading

extension MediaStreamSocket {
    private func read(_ inbox: SocketInbox, on loop: any EventLoop) async {
        var frames = SocketFrames(inbox, line: line, patience: service.patience.close)
        switch admission {
        case .unknown(_, let message):
            tellError(message, stage: "session")
            line.close(.policy, message)
        case .session(let session, _):
            service.audit.record(.streamConnected(session: session.id, call: session.callID))
            await serve(session, &frames, on: loop)
        }
        // Whatever closed the socket on our side: a peer that still sends must get to read the close.
        if line.isFinished { await frames.drain() }
    }

    private func serve(_ session: SessionRecord, _ frames: inout SocketFrames, on loop: any EventLoop) async {
        var receiver = MediaStreamReceiver(session: session.id, callSid: session.callID)
        var faults = MessageFaults()
        if let start = await nextStart(&frames, &receiver, &faults) {
            let (inputs, feed) = AsyncStream<CallInput>.makeStream(bufferingPolicy: .bufferingNewest(MediaStreamService.mostInputs))
            let claim = await service.claim(session, start: start, isTwilio: admission.isTwilio, isHeard: { [watch] in watch.isHeard }) {
                feed.yield(.stopped($0))
                feed.finish()
            }
            switch claim {
            case .failure(let refusal):
                refuse(refusal)
            case .success(let claimed):
                watch.hasStarted()
                await withTaskGroup { group in
                    group.addTask {
                        await service.runCall(claimed, start: start, inputs: inputs, line: line, tellsEvents: tellsEvents, on: loop)
                    }
                    await pump(&frames, into: feed, session: claimed, receiver: &receiver, faults: &faults)
                    feed.finish()
                }
            }
        }
        service.metrics.sequenceGaps.increment(by: receiver.sequenceGaps)
        faults.report(to: service, session: session.id)
    }

    /// Reads until the stream's `start` has come; nil when the socket ended or was refused before.
    private func nextStart(
        _ frames: inout SocketFrames,
        _ receiver: inout MediaStreamReceiver,
        _ faults: inout MessageFaults
    ) async -> StreamStart? {
        // A socket that was closed because no start came in time gets none any more.
        while let message = await nextMessage(&frames, &faults), !line.isFinished {
            switch receiver.receive(message) {
            case .ignore, .input, .stopped: continue
            case .note(let text): if faults.isNew(text) { note(text) }
            case .begin(let start): return start
            case .refuse(let text):
                refuse(Refusal(.protocolFault, text))
                return nil
            }
        }
        return nil
    }

    /// Feeds the call until the socket ends.
    private func pump(
        _ frames: inout SocketFrames,
        into feed: AsyncStream<CallInput>.Continuation,
        session: SessionRecord,
        receiver: inout MediaStreamReceiver,
        faults: inout MessageFaults
    ) async {
        let streamSid = receiver.streamSid ?? ""
        var hasStopped = false
        var pace = RealTimePace()
        let audit = { (reason: String) in
            service.audit.record(.streamStopped(session: session.id, stream: streamSid, reason: reason))
        }
        let endForProtocolFault = {
            audit(#"{"error":"protocol"}"#)
            feed.yield(.stopped("protocol_fault"))
            feed.finish()
            await service.directory.streamStopped(session.id)
        }
        while let message = await nextMessage(&frames, &faults) {
            var bytes = RealTimePace.frameBytes
            switch receiver.receive(message) {
            case .ignore, .begin: break
            case .note(let text): if faults.isNew(text) { note(text) }
            case .input(let input):
                feed.yield(input)
                if case .audio(let payload, _) = input { bytes = payload.count }
            case .stopped(let text):
                hasStopped = true
                audit(text)
                feed.yield(.stopped("stream_stopped"))
                feed.finish()
                await service.directory.streamStopped(session.id)
            case .refuse(let text):
                refuse(Refusal(.protocolFault, text))
                await endForProtocolFault()
                return await frames.drain()
            }
            // What comes after the close is thrown away, as fast as it comes.
            if !line.isFinished { await pace.wait(afterBytes: bytes) }
        }
        guard !hasStopped else { return }
        guard faults.total < MessageFaults.most else {
            await endForProtocolFault()
            return await frames.drain()
        }
        guard !line.isFinished else { return audit(#"{"reason":"closed by the server"}"#) }
        audit(#"{"error":"the socket closed without stop"}"#)
    }

    /// The next readable message, unreadable ones counted and skipped; nil once the socket has ended.
    private func nextMessage(_ frames: inout SocketFrames, _ faults: inout MessageFaults) async -> TwilioMessage? {
        while let frame = await frames.next() {
            switch frame.opcode {
            case .text:
                watch.hear()
                do throws(MediaStreamError) {
                    return try MediaStreamCoding.decodeTwilioMessage(frame.unmaskedData.readableBytesUInt8Span)
                } catch {
                    if faults.count(error.code.rawValue) { note("a message could not be read: \(error.message)") }
                }
            case .binary: if faults.count("binary") { note("a binary frame was ignored") }
            case .ping: line.send(.pong(Array(buffer: frame.unmaskedData)))
            case .connectionClose:
                watch.peerHasClosed()
                return nil
            default: break
            }
            guard faults.total < MessageFaults.most else {
                if !line.isFinished { refuse(Refusal(.protocolFault, "too many unreadable messages")) }
                return nil
            }
        }
        return nil
    }
}

// MARK: - Writing and watching

extension MediaStreamSocket {
    /// Whether this client gets JSON events on the socket.
    private var tellsEvents: Bool {
        switch service.streamEvents {
        case .always: true
        case .never: false
        case .auto: !admission.isTwilio
        }
    }

    /// Writes what the line has until it ends; what waits together leaves together.
    ///
    /// The next messages are taken when the socket has taken these, so the line of a peer that does not read fills up.
    private func write(to channel: any Channel) async {
        var json: [UInt8] = []
        do {
            while let waiting = await line.next() {
                for outgoing in waiting.dropLast() { channel.write(Self.frame(outgoing, &json), promise: nil) }
                if let last = waiting.last { try await channel.writeAndFlush(Self.frame(last, &json)).get() }
            }
        } catch {
            service.logger.trace("A media socket could not be written to", metadata: ["error": "\(ErrorText.of(error))"])
        }
        // Our side is closed; a peer that does not close its own soon is cut off.
        channel.eventLoop.scheduleTask(in: TimeAmount(service.patience.close)) { channel.close(promise: nil) }
    }

    private static func frame(_ outgoing: MediaStreamLine.Outgoing, _ json: inout [UInt8]) -> WebSocketFrame {
        switch outgoing {
        case .message(let message):
            json.removeAll(keepingCapacity: true)
            MediaStreamCoding.encode(message, into: &json)
            return WebSocketFrame(fin: true, opcode: .text, data: payload(json))
        case .event(let text): return WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
        case .ping: return WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        case .pong(let data): return WebSocketFrame(fin: true, opcode: .pong, data: ByteBuffer(bytes: data))
        case .close(let code, let reason): return .close(code, reason)
        }
    }

    /// A frame's content, with room before it for the frame's header, so that both leave in one piece.
    private static func payload(_ bytes: [UInt8]) -> ByteBuffer {
        let header = 14
        var buffer = ByteBufferAllocator().buffer(capacity: header + bytes.count)
        buffer.moveWriterIndex(forwardBy: header)
        buffer.moveReaderIndex(forwardBy: header)
        buffer.writeBytes(bytes)
        return buffer
    }

    /// Pings the peer, and closes the socket when it says nothing for too long.
    private func keepWatch(over channel: any Channel) async {
        while (try? await Task.sleep(for: service.patience.ping)) != nil {
            // The writer is stuck on a peer that does not read; only the channel's end frees it.
            if line.isOverdue(after: service.patience.close) { return channel.close(promise: nil) }
            switch watch.verdict(patience: service.patience) {
            case .fine:
                line.send(.ping)
            case .noStart where line.isFinished: break
            case .noStart:
                refuse(Refusal(.protocolFault, "no start came within \(service.patience.start)"))
            case .silent:
                note("nothing came for \(service.patience.idle); the socket is closed")
                return channel.close(promise: nil)
            }
        }
    }

    private func refuse(_ refusal: Refusal) {
        service.metrics.refused(refusal.reason)
        service.audit.record(.streamRefused(session: admission.sessionID, refusal))
        service.logger.warning(
            "A media stream was refused",
            metadata: ["session_id": "\(admission.sessionID)", "reason": "\(refusal.reason.rawValue)", "detail": "\(refusal.message)"]
        )
        tellError(refusal.message, stage: "stream")
        line.close(.policy, refusal.message)
    }

    private func note(_ text: String) {
        service.logger.warning("A media message was skipped", metadata: ["session_id": "\(admission.sessionID)", "detail": "\(text)"])
    }

    /// Tells a client that is not Twilio what went wrong, outside the session's numbered events.
    private func tellError(_ message: String, stage: String) {
        guard tellsEvents else { return }
        let event: [String: JSONValue] = [
            "type": .string("error"), "session_id": .string(admission.sessionID), "timestamp": .string(Timestamp.text(Timestamp.now)),
            // Numbers belong to stored events; this one is for the socket alone.
            "seq": .number(0), "error": .string(message), "stage": .string(stage),
        ]
        if let text = try? JSONValue.object(event).text() { line.send(.event(text)) }
    }
}

extension WebSocketFrame {
    /// A close frame; the reason is cut to what a control frame holds.
    fileprivate static func close(_ code: UInt16, _ reason: String) -> WebSocketFrame {
        var data = ByteBuffer()
        data.writeInteger(code)
        data.writeBytes(Array(reason.utf8.prefix(120)))
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    }
}
