import Testing

@testable import Conversation

/// Whatever the order of events, some things always hold.
struct CallMachineOrderTests {
    @Test(arguments: 0..<20)
    func invariantsHoldForAnyOrderOfEvents(block: Int) {
        for seed in block * 60..<(block + 1) * 60 {
            var disorder = Disorder(seed: seed)
            disorder.run()
            let faults = disorder.faults
            #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3))")
        }
    }

    @Test(arguments: 0..<20)
    func invariantsHoldWhateverCommandsAreGiven(block: Int) {
        for seed in block * 60..<(block + 1) * 60 {
            var disorder = Disorder(seed: seed, givesCommands: true)
            disorder.run()
            let faults = disorder.faults
            #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3))")
        }
    }

    @Test func commandsReachEverythingThatTheyCanDo() {
        var counts: [String: Int] = [:]
        for seed in 0..<300 {
            var disorder = Disorder(seed: seed, givesCommands: true)
            disorder.run()
            for action in disorder.call.actions {
                let kind =
                    switch action {
                    case .emit(.holdStarted(let cause)): "hold \(cause)"
                    case .emit(.holdEnded(let cause, _)): "end \(cause)"
                    case .emit(.muteChanged(let side, let isMuted, _)): "mute \(side) \(isMuted)"
                    case .emit(.commandFinished(_, let name, let outcome)): "\(name) \(outcome.status)"
                    case .answerCommand(_, let refusal): refusal == nil ? "taken" : "refused"
                    case .playSound: "sound"
                    default: ""
                    }
                counts[kind, default: 0] += 1
            }
        }
        let all = [
            "hold command", "hold key", "hold transfer", "end command", "end key", "end transfer", "end limit",
            "mute caller true", "mute caller false", "mute agent true", "mute agent false", "say done", "say cancelled", "dtmf done",
            "transfer failed", "taken", "refused", "sound",
        ]
        for kind in all { #expect(counts[kind, default: 0] >= 2, "\(kind): \(counts[kind, default: 0])") }
    }

    /// What the invariants are about must happen, or they say nothing.
    @Test func disorderReachesEverythingThatCanHappen() {
        var counts: [String: Int] = [:]
        for seed in 0..<250 {
            var disorder = Disorder(seed: seed)
            disorder.run()
            for action in disorder.call.actions {
                let kind =
                    switch action {
                    case .emit(.assistantHeard(let text, _, let isComplete)): "heard \(text.isEmpty ? "nothing" : isComplete ? "all" : "some")"
                    case .emit(.dismissed(_, _, let reason)): "dismissed \(reason)"
                    case .emit(.error(_, let stage)): "error \(stage)"
                    case .emit(.stopped(let reason)): "stopped \(reason)"
                    case .emit(let event): "\(event)".prefix { $0 != "(" }.description
                    default: "\(action)".prefix { $0 != "(" }.description
                    }
                counts[kind, default: 0] += 1
            }
        }
        let all = [
            "heard nothing", "heard all", "heard some", "error stt", "error tts", "error assistant", "error vad", "stopped hangup", "stopped idle",
            "stopped time_limit", "speechStarted", "speechStopped", "partial", "final", "assistantText", "bargeIn", "assistantPaused",
            "assistantResumed", "digit", "keyed", "turnMetrics", "transcribe", "preview", "cancelTranscription", "ask", "synthesize",
            "cancelThought", "cancelSpeech", "line", "finish",
        ]
        for kind in all + DismissalReason.allCases.map({ "dismissed \($0)" }) { #expect(counts[kind, default: 0] >= 2, "\(kind)") }
    }

    @Test func wordsThatNeverComeAreGivenUpAndTheCallerIsAnsweredAgain() {
        var call = MachineDriver()
        call.callerSpeaksAndWaitsLong()
        call.callerSpeaksAndWaitsLong()
        call.transcribed(2, "Are you there?")
        #expect(call.finals.isEmpty, "the first words may still come")
        call.forgetActions()
        call.pass(ms: 15_000)
        let told = call.events.compactMap { event -> String? in
            switch event {
            case .error(_, let stage): stage
            case .final(let text, _, _, _): text
            default: nil
            }
        }
        #expect(told == ["stt", "Are you there?"])
        #expect(call.actions.contains { if case .ask = $0 { true } else { false } })
        call.forgetActions()
        call.transcribed(1, "Too late")
        #expect(call.events.isEmpty)
    }
}
