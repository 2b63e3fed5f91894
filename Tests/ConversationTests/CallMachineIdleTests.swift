import Testing

@testable import Conversation

/// Nobody says anything.
struct CallMachineIdleTests {
    private static let prompt = "Are you still there?"
    private static let goodbye = "I will hang up now."

    private func call(promptMs: Int? = 10_000) -> MachineDriver {
        var call = MachineDriver {
            $0.idlePromptMs = promptMs
            $0.idleGoodbye = Self.goodbye
            $0.silence.giveUpAfterMs = 1_000_000
        }
        call.perform { $0.begin(nowMs: $1) }
        return call
    }

    private func said(_ call: MachineDriver) -> [String] {
        call.events.compactMap { if case .assistantText(let text, _) = $0 { text } else { nil } }
    }

    /// The caller says nothing for ten seconds, and the agent something that takes a second.
    private func prompted(_ call: inout MachineDriver, turn: Int) {
        call.caller(speaks: false, ms: 10_016)
        call.spoken(turn, ms: 1000)
        call.caller(speaks: false, ms: 1024)
    }

    @Test func silentCallerIsSpokenToAfterTenSecondsAndNotBefore() {
        var call = call()
        call.caller(speaks: false, ms: 9984)
        #expect(said(call).isEmpty)
        call.caller(speaks: false, ms: 32)
        #expect(said(call) == [Self.prompt])
        #expect(call.synthesized == [Self.prompt])
        #expect(call.asked.isEmpty)
    }

    @Test func twoPromptsAreFollowedByAGoodbyeThatIsHeardToItsEndBeforeTheLineIsClosed() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.caller(speaks: false, ms: 10_016)
        #expect(said(call) == [Self.prompt, Self.prompt, Self.goodbye])
        call.spoken(3, ms: 1000)
        call.caller(speaks: false, ms: 992)
        #expect(!call.actions.contains(.line(.hangUp)))
        call.forgetActions()
        call.caller(speaks: false, ms: 32)
        #expect(
            call.actions == [
                .emit(.assistantHeard(text: Self.goodbye, turn: 3, complete: true)), .line(.hangUp), .emit(.stopped(reason: "idle")), .finish,
            ]
        )
        #expect(call.farEnd.played.count == 3000 * 8)
        #expect(call.machine.nextDeadlineMs == nil)
    }

    @Test func callerWhoAnswersIsNotCountedDown() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "I am here")
        call.answered(3, "Good.")
        call.spoken(3, ms: 500)
        call.caller(speaks: false, ms: 640)
        prompted(&call, turn: 4)
        prompted(&call, turn: 5)
        #expect(said(call) == [Self.prompt, Self.prompt, "Good.", Self.prompt, Self.prompt])
    }

    @Test func keysAreAnAnswerToo() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.perform { $0.digit("1", nowMs: $1) }
        call.perform { $0.digit("#", nowMs: $1) }
        call.answered(3, "Good.")
        call.spoken(3, ms: 500)
        call.caller(speaks: false, ms: 640)
        call.caller(speaks: false, ms: 10_016)
        #expect(said(call).last == Self.prompt)
    }

    @Test func coughOnlyBeginsTheTenSecondsAgain() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.caller(speaks: false, ms: 5024)
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 512)
        call.transcribed(1, "")
        call.caller(speaks: false, ms: 9984)
        #expect(said(call).count == 2)
        call.caller(speaks: false, ms: 64)
        #expect(said(call).last == Self.goodbye)
    }

    @Test func nobodyIsPromptedWhileTheAgentSpeaksOrThinks() {
        var call = call()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Tell me more")
        call.caller(speaks: false, ms: 20_000)
        call.answered(1, "One two.")
        call.spoken(1, ms: 20_000)
        call.caller(speaks: false, ms: 20_000)
        #expect(said(call) == ["One two."])
        call.caller(speaks: false, ms: 9984)
        #expect(said(call) == ["One two."])
        call.caller(speaks: false, ms: 96)
        #expect(said(call) == ["One two.", Self.prompt])
    }

    @Test func nobodyIsPromptedWhileTheCallerSpeaksOrWordsArePending() {
        var call = call()
        call.caller(speaks: true, ms: 20_000)
        call.caller(speaks: false, ms: 12_000)
        #expect(said(call).isEmpty)
        call.transcribed(1, "")
        call.caller(speaks: false, ms: 9984)
        #expect(said(call).isEmpty)
        call.caller(speaks: false, ms: 64)
        #expect(said(call) == [Self.prompt])
    }

    @Test func nobodyIsPromptedWhileKeysArePressed() {
        var call = call()
        call.caller(speaks: false, ms: 9600)
        for _ in 0..<10 {
            call.perform { $0.digit("1", nowMs: $1) }
            call.caller(speaks: false, ms: 1600)
        }
        #expect(said(call).isEmpty)
    }

    @Test func offMeansNever() {
        var call = call(promptMs: nil)
        call.caller(speaks: false, ms: 120_000)
        #expect(call.events == [.active])
        #expect(call.machine.nextDeadlineMs == nil)
    }

    @Test func goodbyeThatTheCallerSpeaksIntoIsNoGoodbye() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.caller(speaks: false, ms: 10_016)
        call.spoken(3, ms: 3000)
        call.caller(speaks: false, ms: 992)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "No, I am here")
        #expect(call.asked == [4])
        #expect(!call.actions.contains(.line(.hangUp)))
        #expect(call.machine.isListening)
        call.answered(4, "Good.")
        call.spoken(4, ms: 500)
        call.caller(speaks: false, ms: 640)
        #expect(call.heard.last == .assistantHeard(text: "Good.", turn: 4, complete: true))
    }

    @Test func goodbyeGoesOnAfterACough() {
        var call = call()
        for turn in 1...2 { prompted(&call, turn: turn) }
        call.caller(speaks: false, ms: 10_016)
        call.spoken(3, ms: 3000)
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 512)
        call.transcribed(1, "")
        call.caller(speaks: false, ms: 3200)
        #expect(call.actions.suffix(3) == [.line(.hangUp), .emit(.stopped(reason: "idle")), .finish])
    }

    @Test(arguments: ["#", "voice"])
    func callerHeardAfterTheGoodbyeButBeforeTheLineIsClosedKeepsTheCall(how: String) {
        var call = call()
        // Without marks it is a while before the line is closed.
        call.echoesMarks = false
        for turn in 1...2 {
            prompted(&call, turn: turn)
            call.caller(speaks: false, ms: 1504)
        }
        call.caller(speaks: false, ms: 10_016)
        call.spoken(3, ms: 1000)
        call.caller(speaks: false, ms: 1024)
        call.forgetActions()
        if how == "voice" {
            call.callerSpeaksAndWaits(ms: 320, silenceMs: 736)
            call.transcribed(1, "I am here")
        } else {
            call.perform { $0.digit("#", nowMs: $1) }
        }
        let stopAt = call.actions.firstIndex(of: .emit(.stopped(reason: "idle")))
        #expect(stopAt == nil || stopAt == call.actions.count - 2, "\(call.actions)")
        #expect(call.asked == [4])
        #expect(call.machine.isListening)
    }
}
