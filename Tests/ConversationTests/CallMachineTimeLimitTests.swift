import Testing

@testable import Conversation

/// A call takes as long as it may, and no longer.
struct CallMachineTimeLimitTests {
    private static let goodbye = "Our time is up."
    private static let ending: [CallAction] = [.line(.hangUp), .emit(.stopped(reason: "time_limit")), .finish]

    /// A call that may take a minute.
    private func call(goodbye: String? = goodbye) -> MachineDriver {
        var call = MachineDriver {
            $0.longestCallMs = 60_000
            $0.timeLimitGoodbye = goodbye
            $0.silence.speechLimitMs = 1_000_000
        }
        call.perform { $0.begin(nowMs: $1) }
        return call
    }

    private func said(_ call: MachineDriver) -> [String] {
        call.events.compactMap { if case .assistantText(let text, _) = $0 { text } else { nil } }
    }

    @Test func callerIsToldGoodbyeAtTheLimitAndNotBefore() {
        var call = call()
        call.pass(ms: 59_999)
        #expect(said(call).isEmpty)
        call.pass(ms: 1)
        #expect(said(call) == [Self.goodbye])
        #expect(!call.actions.contains(.line(.hangUp)))
    }

    @Test func goodbyeIsHeardToItsEndBeforeTheLineIsClosed() {
        var call = call()
        call.pass(ms: 60_000)
        call.spoken(1, ms: 1000)
        call.pass(ms: 990)
        #expect(!call.actions.contains(.line(.hangUp)))
        call.pass(ms: 20)
        #expect(call.heard == [.assistantHeard(text: Self.goodbye, turn: 1, complete: true)])
        #expect(call.actions.suffix(3) == Self.ending[...])
        #expect(call.farEnd.played.count == 1000 * 8)
        #expect(call.machine.nextDeadlineMs == nil)
    }

    @Test func answerInProgressGivesWayToTheGoodbye() {
        var call = call()
        call.pass(ms: 56_000)
        call.exchange(answer: "One two three four five.", ms: 20_000)
        call.pass(ms: 60_000 - (call.nowMs - 1000) - 1)
        call.forgetActions()
        call.pass(ms: 1)
        #expect(call.decisions.first == .line(.clear))
        #expect(!call.events.contains { if case .bargeIn = $0 { true } else { false } }, "the caller has not interrupted anybody")
        #expect(call.heard.count == 1)
        #expect(call.synthesized == [Self.goodbye])
    }

    @Test(arguments: ["words", "keys"])
    func nothingTheCallerDoesKeepsTheCall(how: String) {
        var call = call()
        call.pass(ms: 60_000)
        call.spoken(1, ms: 6000)
        call.caller(speaks: false, ms: 512)
        if how == "words" {
            call.callerSpeaksAndWaits()
            call.transcribed(1, "Please do not hang up")
        } else {
            call.perform { $0.digit("#", nowMs: $1) }
        }
        #expect(call.asked.isEmpty)
        #expect(!call.actions.contains(.line(.clear)))
        call.caller(speaks: false, ms: 6016)
        #expect(call.asked.isEmpty)
        #expect(call.actions.suffix(2) == Self.ending.suffix(2))
        #expect(call.farEnd.played.count == 6000 * 8)
        #expect(how == "keys" || call.finals == ["Please do not hang up"], "what was said is still told")
    }

    @Test func goodbyeBeginsThoughTheCallerSpeaks() {
        var call = call()
        call.pass(ms: 59_000)
        call.caller(speaks: true, ms: 1024)
        #expect(said(call) == [Self.goodbye])
        call.spoken(1, ms: 1000)
        #expect(call.sentAudio > 0)
    }

    @Test func answerThatIsBeingMadeIsGivenUp() {
        var call = call()
        call.pass(ms: 58_000)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "What is the time")
        #expect(call.asked == [1])
        call.pass(ms: 400)
        #expect(call.actions.contains { if case .cancelThought = $0 { true } else if case .cancelSpeech = $0 { true } else { false } })
        call.answered(1, "It is late.")
        #expect(call.synthesized == [Self.goodbye])
        call.spoken(2, ms: 500)
        call.pass(ms: 600)
        #expect(call.asked == [1])
        #expect(call.actions.suffix(3) == Self.ending[...])
    }

    @Test func callWithoutGoodbyeEndsAtOnce() {
        var call = call(goodbye: nil)
        call.pass(ms: 60_000)
        #expect(said(call).isEmpty)
        #expect(call.actions.suffix(3) == Self.ending[...])
    }

    @Test func voiceThatNeverComesDoesNotKeepTheCall() {
        var call = call()
        call.pass(ms: 60_000)
        call.pass(ms: CallMachine.longestGoodbyeMs - 1)
        #expect(call.machine.isListening)
        call.pass(ms: 1)
        #expect(call.actions.suffix(3) == Self.ending[...])
    }

    @Test func callThatHasNoTimeLeftIsToldSoAtOnce() {
        var call = MachineDriver { $0.longestCallMs = 0 }
        call.perform { $0.begin(nowMs: $1) }
        call.pass(ms: 1)
        #expect(said(call) == [call.machine.configuration.timeLimitGoodbye])
    }

    @Test func withoutALimitNobodyIsWokenForIt() {
        var call = MachineDriver()
        call.perform { $0.begin(nowMs: $1) }
        #expect(call.machine.nextDeadlineMs == nil)
    }
}
