import Testing

@testable import Conversation

struct CallMachineEndingTests {
    @Test func stopInMidUtteranceStillRecognisesTheLastWords() {
        var call = MachineDriver()
        call.caller(speaks: true, ms: 640)
        call.end()
        #expect(call.clips == [0...640])
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
            call.actions.suffix(3) == [
                .emit(.error(message: "1 last utterance(s) were not recognised in time", stage: "stt")), .emit(.stopped(reason: "hangup")), .finish,
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
        call.perform { machine, _ in machine.digit("1") + machine.voiceFailed("x") }
        #expect(call.actions.isEmpty)
    }

    @Test func knownLastWordsAreToldThoughEarlierOnesAreNot() {
        var call = MachineDriver()
        for _ in 0..<2 { call.callerSpeaksAndWaits() }
        call.end()
        call.transcribed(2, "Goodbye")
        #expect(call.finals.isEmpty)
        call.pass(ms: 10_000)
        #expect(call.finals == ["Goodbye"])
        #expect(
            call.actions.suffix(3) == [
                .emit(.error(message: "1 last utterance(s) were not recognised in time", stage: "stt")), .emit(.stopped(reason: "hangup")), .finish,
            ]
        )
    }
}
