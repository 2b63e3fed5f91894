@testable import Conversation

/// Drives a machine through a call on virtual time, with a far end that plays what it is sent.
struct MachineDriver {
    var machine: CallMachine
    var farEnd = FarEnd()
    /// How long an echo takes from the far end, in ms.
    var echoDelayMs = 0
    /// Whether marks come back at all.
    var echoesMarks = true
    var nowMs = 1000
    /// The caller's media clock.
    var mediaMs = 0
    private(set) var actions: [CallAction] = []
    /// The newest request for each turn's answer, and for the audio of each turn's newest piece.
    private(set) var asks: [Int: Int] = [:]
    private(set) var pieces: [Int: Int] = [:]
    /// What must hold whatever happens.
    var rules: CallRules

    /// A call without idle prompts and previews, unless asked for.
    init(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) {
        var configuration = CallMachine.Configuration()
        configuration.idlePromptMs = nil
        configuration.turns.previewEveryMs = 1_000_000_000
        configure(&configuration)
        machine = CallMachine(configuration: configuration)
        rules = CallRules(configuration: configuration)
    }

    /// The caller's silence, in ms, after which an utterance is over whatever its words are: whole windows.
    var longestSilenceMs: Int {
        let windowMs = VoiceActivityWindow.milliseconds
        return (machine.configuration.turns.endpoint.longestSilenceMs + windowMs - 1) / windowMs * windowMs
    }

    /// Does something to the machine and performs what it decides; returns that.
    @discardableResult
    mutating func perform(_ event: (inout CallMachine, Int) -> [CallAction]) -> [CallAction] {
        let new = event(&machine, nowMs)
        machine.watchIdle(nowMs: nowMs)
        actions += new
        for action in new {
            switch action {
            case .line(let command): farEnd.take(command, nowMs: nowMs, echoDelayMs: echoDelayMs)
            case .ask(let id, let turn, _): asks[turn] = id
            case .synthesize(let id, let turn, _): pieces[turn] = id
            default: break
            }
            rules.note(action, nowMs: nowMs, farEnd: farEnd)
        }
        return new
    }

    /// Lets time pass: timers fire and marks come back when they are due.
    mutating func pass(ms: Int) {
        let endMs = nowMs + ms
        var wakings = 0
        while let nextMs = [machine.nextDeadlineMs, farEnd.nextEchoAtMs].compactMap(\.self).min(), nextMs <= endMs {
            wakings = nextMs > nowMs ? 0 : wakings + 1
            guard wakings < 100 else {
                rules.fault("the machine asks again and again to be woken at \(nextMs)")
                break
            }
            nowMs = max(nowMs, nextMs)
            for name in farEnd.echoesDue(nowMs: nowMs) where echoesMarks { perform { $0.mark(name, nowMs: $1) } }
            if let deadlineMs = machine.nextDeadlineMs, deadlineMs <= nowMs { perform { $0.timer(nowMs: $1) } }
        }
        nowMs = endMs
    }

    /// The caller speaks, or is silent, for about this long.
    mutating func caller(speaks: Bool, ms: Int) {
        for _ in 0..<(ms / VoiceActivityWindow.milliseconds) {
            mediaMs += VoiceActivityWindow.milliseconds
            pass(ms: VoiceActivityWindow.milliseconds)
            let endMs = mediaMs
            perform { $0.audio(fromMs: endMs - VoiceActivityWindow.milliseconds, toMs: endMs, nowMs: $1) }
            guard machine.configuration.turns.segmentation == .turns else { continue }
            perform { $0.voice(probability: speaks ? 0.9 : 0.05, audioMs: endMs, nowMs: $1) }
        }
    }

    /// The caller says something and waits until it counts as said, provided its words come and are nothing special.
    mutating func callerSpeaksAndWaits(ms: Int = 960, silenceMs: Int = 736) {
        caller(speaks: true, ms: ms)
        caller(speaks: false, ms: silenceMs)
    }

    /// The caller says something and waits until it counts as said whatever the words.
    mutating func callerSpeaksAndWaitsLong(ms: Int = 960) {
        callerSpeaksAndWaits(ms: ms, silenceMs: longestSilenceMs)
    }

    mutating func transcribed(_ task: Int, _ text: String, in language: String? = nil) {
        rules.transcribed(task)
        perform { $0.transcribed(task: task, Transcription(text: text, language: language), nowMs: $1) }
    }

    /// The assistant answers a turn in one go.
    mutating func answered(_ turn: Int, _ text: String) {
        token(turn: turn, text)
        answered(turn: turn)
    }

    /// The assistant says more of a turn's newest answer.
    mutating func token(turn: Int, _ text: String) {
        let id = asks[turn] ?? 0
        perform { $0.token(ask: id, text, nowMs: $1) }
    }

    /// The assistant has finished a turn's newest answer, or failed.
    mutating func answered(turn: Int, failure: String? = nil) {
        let id = asks[turn] ?? 0
        perform { $0.answered(ask: id, failure: failure, nowMs: $1) }
    }

    /// The assistant wants a tool called for a turn's newest answer.
    mutating func toolRequested(turn: Int, _ call: ToolCall) {
        let id = asks[turn] ?? 0
        perform { $0.toolRequested(ask: id, call, nowMs: $1) }
    }

    /// An attempt of the assistant at a turn's newest answer has failed.
    mutating func fault(turn: Int, _ message: String) {
        let id = asks[turn] ?? 0
        perform { machine, _ in machine.fault(ask: id, message) }
    }

    /// The voice delivers audio of a turn's newest piece.
    mutating func speech(turn: Int, _ chunk: SpeechChunk) {
        let id = pieces[turn] ?? 0
        perform { $0.speech(piece: id, chunk, nowMs: $1) }
    }

    /// The voice has finished a turn's newest piece, or failed.
    mutating func spoken(turn: Int, failure: String? = nil) {
        let id = pieces[turn] ?? 0
        perform { $0.spoken(piece: id, failure: failure, nowMs: $1) }
    }

    /// The voice delivers the piece being made, this many ms long.
    mutating func spoken(_ turn: Int, ms: Int, words: [WordTiming] = []) {
        spoken(turn, [Int16](repeating: 1000, count: ms * 8), words: words)
    }

    /// The voice delivers the piece being made.
    mutating func spoken(_ turn: Int, _ samples: [Int16], words: [WordTiming] = []) {
        speech(turn: turn, SpeechChunk(samples: samples, words: words))
        spoken(turn: turn)
    }

    /// A question and the beginning of its answer: one piece, so long.
    mutating func exchange(task: Int = 1, turn: Int = 1, answer: String = "You said so.", ms: Int = 2000) {
        callerSpeaksAndWaits()
        transcribed(task, "Tell me more")
        answered(turn, answer)
        spoken(turn, ms: ms)
    }

    /// Time passes in which the caller says nothing, and the voice makes every piece at once, 640 ms long.
    mutating func passSpeaking(ms: Int) {
        for _ in 0..<ms / VoiceActivityWindow.milliseconds {
            speakAll()
            caller(speaks: false, ms: VoiceActivityWindow.milliseconds)
        }
        speakAll()
    }

    private mutating func speakAll() {
        while machine.exchange?.isSynthesizing == true, let turn = machine.exchange?.turn { spoken(turn, ms: 640) }
    }

    mutating func end(_ reason: String = "hangup") {
        perform { $0.end(reason: reason, nowMs: $1) }
    }

    mutating func forgetActions() { actions = [] }
}

extension MachineDriver {
    var events: [CallEvent] { actions.compactMap { if case .emit(let event) = $0 { event } else { nil } } }
    var asked: [Int] { actions.compactMap { if case .ask(_, let turn, _) = $0 { turn } else { nil } } }
    var synthesized: [String] { actions.compactMap { if case .synthesize(_, _, let text) = $0 { text } else { nil } } }
    /// All that the voice was to say.
    var spokenText: String { synthesized.joined(separator: " ") }
    var finals: [String] { events.compactMap { if case .final(let text, _, _, _) = $0 { text } else { nil } } }
    var partials: [String] { events.compactMap { if case .partial(let text, _, _, _) = $0 { text } else { nil } } }
    var dismissals: [DismissalReason] { events.compactMap { if case .dismissed(_, _, let reason) = $0 { reason } else { nil } } }
    var heard: [CallEvent] { events.filter { if case .assistantHeard = $0 { true } else { false } } }
    var metrics: [TurnMetrics] { events.compactMap { if case .turnMetrics(let metrics) = $0 { metrics } else { nil } } }
    var cancelled: [Int] { actions.compactMap { if case .cancelTranscription(let task) = $0 { task } else { nil } } }
    /// Requests to the assistant and the voice that were given up.
    var cancelledRequests: [Int] {
        actions.compactMap {
            switch $0 {
            case .cancelThought(let id), .cancelSpeech(let id): id
            default: nil
            }
        }
    }
    var sentAudio: Int { actions.count { if case .line(.audio) = $0 { true } else { false } } }
    var clips: [Range<Int>] { actions.compactMap { if case .transcribe(_, let clip) = $0 { clip } else { nil } } }
    var previews: [Range<Int>] { actions.compactMap { if case .preview(_, let clip) = $0 { clip } else { nil } } }
    /// All but audio and marks.
    var decisions: [CallAction] {
        actions.filter { if case .line(.audio) = $0 { false } else if case .line(.mark) = $0 { false } else { true } }
    }
}
