import Conversation

/// Drives a ``CallMachine`` through a call on virtual time: a caller who speaks 2 s of every 8, engines that answer at once.
struct ScriptedCall {
    /// The caller's cycle, in ms: silence, then speech, then silence in which the answer is played.
    private static let cycleMs = 8000
    private static let speech = 1000..<3000
    private static let answer = "You said: I would like to book a table for two."

    private var machine = CallMachine(configuration: CallMachine.Configuration())
    private var nowMs = 0
    private var judgedMs = 0
    private var playedUntilMs = 0
    private var marks: [(name: String, atMs: Int)] = []
    /// What was sent, in bytes, and told; kept so that a call that went wrong is seen.
    private(set) var sentBytes = 0
    private(set) var answersHeard = 0

    /// Runs a call of this many seconds; `voice` is the answer's audio, as an engine would have made it.
    mutating func run(seconds: Int, voice: [SpeechChunk]) {
        feed(.begin, voice)
        for _ in 0..<seconds * 50 {
            feed(.audio(fromMs: nowMs, toMs: nowMs + 20), voice)
            nowMs += 20
            while judgedMs + VoiceActivityWindow.milliseconds <= nowMs {
                judgedMs += VoiceActivityWindow.milliseconds
                let isSpeech = Self.speech.contains(judgedMs % Self.cycleMs)
                feed(.voice(probability: isSpeech ? 0.95 : 0.02, audioMs: judgedMs), voice)
            }
            while let mark = marks.first, mark.atMs <= nowMs {
                marks.removeFirst()
                feed(.mark(mark.name), voice)
            }
            if let deadline = machine.nextDeadlineMs, deadline <= nowMs { feed(.timer, voice) }
        }
        feed(.end(reason: "hangup"), voice)
    }

    /// Tells the machine what happened and does what it decides.
    private mutating func feed(_ input: CallMachine.Input, _ voice: [SpeechChunk]) {
        for action in machine.handle(input, nowMs: nowMs) {
            switch action {
            case .transcribe(let task, _):
                let words = Transcription(text: "I would like to book a table for two.")
                feed(.transcribed(task: task, words, failure: nil), voice)
            case .preview(let task, _):
                feed(.transcribed(task: task, nil, failure: nil), voice)
            case .ask(let id, _, _):
                feed(.token(ask: id, Self.answer), voice)
                feed(.answered(ask: id, failure: nil), voice)
            case .synthesize(let id, _, _):
                for chunk in voice { feed(.speech(piece: id, chunk), voice) }
                feed(.spoken(piece: id, failure: nil), voice)
            case .line(let command): play(command)
            case .emit(.assistantHeard(_, _, complete: true)): answersHeard += 1
            case .emit, .cancelTranscription, .cancelThought, .cancelSpeech, .runTool, .cancelTool, .summarize, .finish, .playSound, .answerCommand:
                break
            }
        }
    }

    /// The caller's telephone: plays what comes, echoes marks when they are reached.
    private mutating func play(_ command: LineCommand) {
        switch command {
        case .audio(let frame):
            sentBytes += frame.count
            playedUntilMs = max(playedUntilMs, nowMs) + frame.count / 8
        case .mark(let name): marks.append((name, playedUntilMs))
        case .clear: playedUntilMs = nowMs
        case .hangUp: break
        }
    }
}

extension Suite {
    /// All decisions of a call, without sockets, engines or threads.
    static let machine = Suite(name: "machine", summary: "a scripted call of 64 s through CallMachine") { plan in
        let tone = [Int16](repeating: 1000, count: 1600)
        let voice = (0..<15).map { SpeechChunk(samples: tone, words: [WordTiming(index: $0 % 11, endMs: ($0 + 1) * 200)]) }
        return [
            Batches.measure("CallMachine, scripted call", "ms/call-s", nsPerUnit: 1e6, units: 64, plan) {
                var call = ScriptedCall()
                call.run(seconds: 64, voice: voice)
                precondition(call.answersHeard == 8 && call.sentBytes == 8 * 15 * 1600, "the scripted call went another way")
            }
        ]
    }
}
