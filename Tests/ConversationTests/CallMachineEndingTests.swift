import Testing

@testable import Conversation

struct CallMachineEndingTests {
    @Test func stopInMidUtteranceStillRecognisesTheLastWords() {
        var call = MachineDriver()
        call.caller(speaks: true, ms: 640)
        call.end()
        #expect(call.clips == [0..<640])
        #expect(call.events.last == .speechStopped(audioMs: 640))
        call.transcribed(1, "Goodbye")
        #expect(
            call.actions.suffix(3) == [
                .emit(.final(text: "Goodbye", turn: 1, audioMs: 640, confidence: nil)), .emit(.stopped(reason: "hangup")), .finish,
            ]
        )
        #expect(call.asked.isEmpty)
    }

    @Test func quietCallStopsAtOnceAndOnlyOnce() {
        var call = MachineDriver()
        call.end()
        call.end("again")
        call.perform { $0.timer(nowMs: $1) }
        #expect(call.actions == [.emit(.stopped(reason: "hangup")), .finish])
        #expect(call.machine.nextDeadlineMs == nil)
    }

    @Test func answerInProgressIsCutWhereItWas() {
        var call = MachineDriver()
        call.exchange(answer: "One two three four five six seven eight.", ms: 4000)
        call.pass(ms: 2000)
        call.forgetActions()
        call.end()
        #expect(
            call.actions == [
                .emit(.assistantHeard(text: "One two three four", turn: 1, complete: false)), .emit(.stopped(reason: "hangup")), .finish,
            ]
        )
    }

    @Test func lastWordsThatTakeTooLongAreGivenUp() {
        var call = MachineDriver { $0.lastWordsMs = 3000 }
        call.caller(speaks: true, ms: 640)
        call.end()
        #expect(call.machine.nextDeadlineMs == call.nowMs + 3000)
        call.pass(ms: 2999)
        #expect(call.machine.lifecycle != .stopped)
        call.pass(ms: 1)
        #expect(
            call.actions.suffix(5) == [
                .cancelTranscription(task: 1),
                .emit(.error(message: "1 last utterance(s) were not recognised in time", stage: "stt")),
                .emit(.dismissed(text: "", audioMs: 640, reason: .late)), .emit(.stopped(reason: "hangup")), .finish,
            ]
        )
    }

    @Test func nothingIsToldAfterTheStop() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.end()
        call.pass(ms: 10_000)
        call.forgetActions()
        call.transcribed(1, "too late")
        call.callerSpeaksAndWaits()
        call.perform { machine, _ in machine.digit("1", nowMs: 0) + machine.voiceFailed("x") }
        #expect(call.actions.isEmpty)
    }

    @Test func knownLastWordsAreToldThoughEarlierOnesAreNot() {
        var call = MachineDriver()
        for _ in 0..<2 { call.callerSpeaksAndWaitsLong() }
        call.end()
        call.transcribed(2, "Goodbye")
        #expect(call.finals.isEmpty)
        call.pass(ms: 10_000)
        #expect(call.finals == ["Goodbye"])
        #expect(
            call.actions.suffix(6) == [
                .cancelTranscription(task: 1),
                .emit(.error(message: "1 last utterance(s) were not recognised in time", stage: "stt")),
                .emit(.dismissed(text: "", audioMs: 960, reason: .late)),
                .emit(.final(text: "Goodbye", turn: 1, audioMs: call.mediaMs - call.longestSilenceMs, confidence: nil)),
                .emit(.stopped(reason: "hangup")), .finish,
            ]
        )
    }

    /// Two exchanges with a cough over the first answer, lost after so many windows of the caller's audio.
    private func lostCall(afterWindows count: Int) -> MachineDriver {
        var caller = TalkingCaller(MachineDriver { $0.turns.previewEveryMs = 800 })
        var voiced = 0
        for window in 0..<count {
            switch window * VoiceActivityWindow.milliseconds {
            case 320..<1280, 5120..<5760: caller.say("w\(window)", ms: VoiceActivityWindow.milliseconds)
            case 3200..<3392: caller.cough(ms: VoiceActivityWindow.milliseconds)
            default: caller.pause(ms: VoiceActivityWindow.milliseconds)
            }
            for turn in caller.call.asked.dropFirst(voiced) {
                voiced += 1
                caller.call.answered(turn, "One two three four five six.")
                caller.call.spoken(turn, ms: 2000)
            }
        }
        caller.call.rules.isEnding = true
        caller.call.end("lost")
        return caller.call
    }

    @Test func callLostAtAnyMomentTellsAllThatWasSaidAndHeardAndStopsOnce() {
        for count in 0...300 {
            var call = lostCall(afterWindows: count)
            call.pass(ms: 20_000)
            call.rules.look(nowMs: call.nowMs, machine: call.machine)
            #expect(call.rules.faults.isEmpty, "after \(count) windows: \(call.rules.faults)")
            #expect(call.rules.isFinished)
            #expect(call.events.count { if case .speechStarted = $0 { true } else { false } } == call.finals.count + call.dismissals.count)
        }
        #expect(lostCall(afterWindows: 300).heard.count == 2)
    }
}
