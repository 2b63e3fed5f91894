@testable import Conversation

/// Drives a machine through a call on virtual time, with a far end that plays what it is sent.
struct MachineDriver {
    var machine: CallMachine
    var farEnd = FarEnd()
    var nowMs = 1000
    /// The caller's media clock.
    var mediaMs = 0
    private(set) var actions: [CallAction] = []

    init(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) {
        var configuration = CallMachine.Configuration()
        configure(&configuration)
        machine = CallMachine(configuration: configuration)
    }

    /// Does something to the machine and performs what it decides; returns that.
    @discardableResult
    mutating func perform(_ event: (inout CallMachine, Int) -> [CallAction]) -> [CallAction] {
        let new = event(&machine, nowMs)
        actions += new
        for case .line(let command) in new { farEnd.take(command, nowMs: nowMs) }
        return new
    }

    /// Lets time pass: timers fire and marks come back when they are due.
    mutating func pass(ms: Int) {
        let endMs = nowMs + ms
        while let nextMs = [machine.nextDeadlineMs, farEnd.nextEchoAtMs].compactMap(\.self).min(), nextMs <= endMs {
            nowMs = max(nowMs, nextMs)
            for name in farEnd.echoesDue(nowMs: nowMs) { perform { $0.mark(name, nowMs: $1) } }
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
            perform { $0.voice(probability: speaks ? 0.9 : 0.05, audioMs: endMs, nowMs: $1) }
        }
    }

    /// The caller says something and waits until it counts as said.
    mutating func callerSpeaksAndWaits(ms: Int = 960) {
        caller(speaks: true, ms: ms)
        caller(speaks: false, ms: 736)
    }

    mutating func transcribed(_ utterance: Int, _ text: String) {
        perform { $0.transcribed(utterance: utterance, Transcription(text: text), failure: nil, nowMs: $1) }
    }

    /// The assistant answers a turn in one go.
    mutating func answered(_ turn: Int, _ text: String) {
        perform { $0.token(turn: turn, text, nowMs: $1) }
        perform { $0.answered(turn: turn, failure: nil, nowMs: $1) }
    }

    /// The voice delivers the piece being made, this many ms long.
    mutating func spoken(_ turn: Int, ms: Int) {
        perform { $0.speech(turn: turn, SpeechChunk(samples: [Int16](repeating: 1000, count: ms * 8)), nowMs: $1) }
        perform { $0.spoken(turn: turn, failure: nil, nowMs: $1) }
    }

    /// A question and the beginning of its answer: one piece, so long.
    mutating func exchange(utterance: Int = 1, turn: Int = 1, answer: String = "You said so.", ms: Int = 2000) {
        callerSpeaksAndWaits()
        transcribed(utterance, "question \(turn)")
        answered(turn, answer)
        spoken(turn, ms: ms)
    }

    mutating func end(_ reason: String = "hangup") {
        perform { $0.end(reason: reason, nowMs: $1) }
    }

    mutating func forgetActions() { actions = [] }

    var events: [CallEvent] { actions.compactMap { if case .emit(let event) = $0 { event } else { nil } } }
    var asked: [Int] { actions.compactMap { if case .ask(let turn, _) = $0 { turn } else { nil } } }
    var synthesized: [String] { actions.compactMap { if case .synthesize(_, let text) = $0 { text } else { nil } } }
    var finals: [String] { events.compactMap { if case .final(let text, _, _, _) = $0 { text } else { nil } } }
    var heard: [CallEvent] { events.filter { if case .assistantHeard = $0 { true } else { false } } }
    var sentAudio: Int { actions.count { if case .line(.audio) = $0 { true } else { false } } }
    var clips: [ClosedRange<Int>] {
        actions.compactMap { if case .transcribe(_, let fromMs, let toMs) = $0 { fromMs...toMs } else { nil } }
    }
}
