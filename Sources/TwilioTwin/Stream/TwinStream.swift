import Audio
package import Twilio

/// Twilio's side of one media stream: what to send, and when, decided without a socket or a clock.
///
/// ```
///  begin() ─▶ connected, start
///  tick()  ─▶ each 20 ms: play 20 ms, return the marks that came due, send 20 ms of the caller
///  receive ─▶ the server's media, marks and clears into the playout buffer
///  finish  ─▶ stop
/// ```
/// Source: Twilio, "Media Streams: WebSocket messages" (docs/voice/media-streams/websocket-messages).
package struct TwinStream: Sendable {
    /// What the owner is to do, in order.
    package enum Output: Sendable, Equatable {
        /// Send this on the socket.
        case send(TwilioMessage)
        /// Tell the observer.
        case event(TwinEvent.Kind)
        /// The stream is over: send no more, and close.
        case end(StreamEnding)
    }

    /// What kind of stream it is.
    package struct Configuration: Sendable {
        /// What `start` says.
        package var start: StreamStart
        /// `<Connect>` rather than `<Start>`.
        package var isTwoWay: Bool
        /// Who is played.
        package var persona: TwinPersona
        /// What is heard when the caller is silent.
        package var background: CallerBackground
        /// How the agent's voice comes back with the caller's; nil where it does not.
        package var loopback: Loopback?
        /// The first media frame's `timestamp`, in ms; 57 in a captured call.
        package var firstTimestampMs: Int
        /// The most frames of the caller, of 20 ms each, before the stream ends as a call does.
        package var maximumFrames: Int

        /// Makes a configuration; the defaults are a two-way stream of Twilio's, of at most ten minutes.
        package init(
            start: StreamStart,
            isTwoWay: Bool = true,
            persona: TwinPersona = .twilio,
            background: CallerBackground = .silence,
            loopback: Loopback? = nil,
            firstTimestampMs: Int = 57,
            maximumFrames: Int = 30_000
        ) {
            self.start = start
            self.isTwoWay = isTwoWay
            self.persona = persona
            self.background = background
            self.loopback = loopback
            self.firstTimestampMs = firstTimestampMs
            self.maximumFrames = maximumFrames
        }
    }

    /// Before `begin`, between it and the end, and after the end: the only order.
    enum Phase: Sendable, Equatable { case ready, streaming, ended }

    let configuration: Configuration
    /// What the caller does; taken back by the call when the stream is over.
    package private(set) var script: CallerScript
    /// What came and went.
    package internal(set) var totals = StreamTotals()
    /// Faults, each code once.
    package private(set) var faults: [TwilioFault] = []

    var phase = Phase.ready
    var playout = PlayoutBuffer()
    var meter = TurnMeter()
    private var background: CallerBackground.Source
    private var sequence = 0
    private var chunk = 0
    /// Frames since the stream began, sent or thrown away.
    private var frames = 0
    /// Frames since the agent was last heard; nil while it is regarded as silent.
    private var framesSinceHeard: Int?
    private var callerAudio: [UInt8] = []
    private var agentAudio: [UInt8] = []

    /// Makes a stream that has not begun.
    package init(_ configuration: Configuration, script: CallerScript) {
        self.configuration = configuration
        self.script = script
        background = configuration.background.source
    }

    /// What the caller said and what the agent made of it.
    package var turns: [TwinTurn] { meter.turns }

    /// Mu-law as sent and as heard, of one length: the frame in which the caller ends the stream is heard and not sent.
    package var recording: (caller: [UInt8], agent: [UInt8]) {
        (callerAudio + Array(repeating: MuLaw.silence, count: agentAudio.count - callerAudio.count), agentAudio)
    }

    /// Samples since the stream began.
    var position: Int { frames * CallerScript.frameSamples }

    var streamSid: String { configuration.start.streamSid }

    /// Opens the stream.
    package mutating func begin() -> [Output] {
        guard phase == .ready else { return [] }
        phase = .streaming
        return [
            .send(.connected(protocol: "Call", version: "1.0.0")),
            .send(.start(configuration.start, sequenceNumber: nextSequence())),
        ]
    }

    /// Lets 20 ms pass.
    ///
    /// - Parameter isCongested: the server reads too slowly, so the caller's audio is thrown away as Twilio does (31930).
    /// - Returns: what to do now, in order.
    package mutating func tick(isCongested: Bool = false) -> [Output] {
        guard phase == .streaming else { return [] }
        guard frames < configuration.maximumFrames else { return finish(.callEnded) }
        var outputs: [Output] = []
        let hearing = play(into: &outputs)
        let frame = script.next(hearing: hearing)
        note(frame.notes, into: &outputs)
        press(frame.digits, into: &outputs)
        if let ending = frame.ending { return outputs + finish(ending) }
        speak(frame.speech, isCongested: isCongested, into: &outputs)
        frames += 1
        return outputs
    }

    /// Ends the stream, with `stop` where Twilio would say it.
    package mutating func finish(_ ending: StreamEnding) -> [Output] {
        guard phase != .ended else { return [] }
        let hasBegun = phase == .streaming
        phase = .ended
        guard hasBegun else { return [.end(ending)] }
        guard ending.saysStop else { return abandonment(ending) + [.end(ending)] }
        let start = configuration.start
        let stop = StreamStop(accountSid: start.accountSid, callSid: start.callSid, streamSid: start.streamSid)
        return [.send(.stop(stop, sequenceNumber: nextSequence())), .end(ending)]
    }

    /// What Twilio's debugger says of a stream that ends in another way than by `stop`.
    private mutating func abandonment(_ ending: StreamEnding) -> [Output] {
        switch ending {
        case .serverClosed(let code):
            let frame = code.map { "with code \($0)" } ?? "without a code"
            return fault(
                TwilioFault.closedByServer,
                "the server closed the socket \(frame) while the stream was active (logged for intended closes too)"
            )
        case .socketLost(let why):
            return fault(TwilioFault.brokenPipe, "the media socket broke: \(why)")
        case .notConnected, .callerCutSocket, .callerHungUp, .callUpdated, .callEnded:
            return []
        }
    }

    mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// Keeps a fault, once for each code.
    package mutating func fault(_ code: Int, _ message: String) -> [Output] {
        guard !faults.contains(where: { $0.code == code }) else { return [] }
        let fault = TwilioFault(code: code, message: message)
        faults.append(fault)
        return [.event(.fault(fault))]
    }
}

extension TwinStream {
    /// Plays 20 ms of the agent and returns the marks that came due.
    private mutating func play(into outputs: inout [Output]) -> CallerScript.Hearing {
        let played = playout.advance(samples: CallerScript.frameSamples)
        agentAudio += played.audio
        totals.marksPlayed += played.marks.count
        totals.underruns = playout.underruns
        outputs += played.marks.flatMap { returnMark($0, cleared: false) }
        let firstAudible = played.fromServer > 0 ? Audibility.firstAudible(in: MuLaw.decode(played.audio)) : nil
        let heard = TurnMeter.Heard(position: position, isFromServer: played.fromServer > 0, firstAudible: firstAudible)
        let response = meter.played(heard)
        noteAgent(isAudible: firstAudible != nil, responseMs: response, into: &outputs)
        let isPlaying = played.fromServer > 0 || playout.queuedBytes > 0
        return .init(agentIsAudible: firstAudible != nil, agentIsPlaying: isPlaying, hasAnswered: meter.hasAnswered)
    }

    private mutating func noteAgent(isAudible: Bool, responseMs: Int?, into outputs: inout [Output]) {
        if isAudible {
            if framesSinceHeard == nil || responseMs != nil { outputs.append(.event(.agentSpeaks(responseMs: responseMs))) }
            framesSinceHeard = 0
        } else if let quiet = framesSinceHeard {
            framesSinceHeard = quiet + 1 < 20 ? quiet + 1 : nil
            if framesSinceHeard == nil { outputs.append(.event(.agentQuiet)) }
        }
    }

    private mutating func note(_ notes: [CallerScript.Note], into outputs: inout [Output]) {
        for note in notes {
            switch note {
            case .began(let label, let speechSamples):
                meter.began(label: label, at: position, speechSamples: speechSamples)
                outputs.append(.event(.callerSpeaks(label: label)))
            case .finished(let label):
                meter.finished(at: position + CallerScript.frameSamples)
                outputs.append(.event(.callerFinished(label: label)))
            case .gaveUp(let why):
                outputs.append(.event(.callerGaveUp(why)))
            }
        }
    }

    /// Keys go to the server on two-way streams alone.
    private mutating func press(_ digits: [Character], into outputs: inout [Output]) {
        for digit in digits {
            outputs.append(.event(.callerPressed(digit: digit)))
            guard configuration.isTwoWay else { continue }
            totals.digitsSent += 1
            outputs.append(.send(.dtmf(digit: String(digit), streamSid: streamSid, sequenceNumber: nextSequence())))
        }
    }

    private mutating func speak(_ speech: [UInt8]?, isCongested: Bool, into outputs: inout [Output]) {
        let own = speech ?? background.next(CallerScript.frameSamples)
        let payload = configuration.loopback?.mix(own, heard: agentAudio) ?? own
        callerAudio += payload
        guard !isCongested else {
            totals.mediaDiscarded += 1
            outputs += fault(TwilioFault.slowReader, "the server reads too slowly: caller audio was thrown away")
            return
        }
        chunk += 1
        totals.mediaSent += 1
        let timestamp = configuration.firstTimestampMs + frames * CallerScript.frameMs
        let media = StreamMedia(chunk: chunk, timestamp: timestamp, payload: payload, streamSid: streamSid)
        outputs.append(.send(.media(media, sequenceNumber: nextSequence())))
    }

    /// A mark goes back under its name.
    mutating func returnMark(_ name: String, cleared: Bool) -> [Output] {
        [
            .send(.mark(name: name, streamSid: streamSid, sequenceNumber: nextSequence())),
            .event(.markReturned(name: name, cleared: cleared)),
        ]
    }
}
