import Testing

@testable import Conversation

/// The original's rule: every three seconds are an utterance.
struct CallMachineFixedTests {
    private func call() -> MachineDriver { MachineDriver { $0.turns.segmentation = .fixed } }

    /// Audio in frames of 20 ms.
    private func hear(_ call: inout MachineDriver, fromMs: Int, ms: Int) {
        for startMs in stride(from: fromMs, to: fromMs + ms, by: 20) {
            call.perform { $0.audio(fromMs: startMs, toMs: startMs + 20, nowMs: $1) }
            call.pass(ms: 20)
        }
    }

    @Test func everyThreeSecondsAreAnUtterance() {
        var call = call()
        hear(&call, fromMs: 57, ms: 9500)
        #expect(call.clips == [57..<3057, 3057..<6057, 6057..<9057])
    }

    @Test func newClipCutsTheAnswerToTheOneBefore() {
        var call = call()
        hear(&call, fromMs: 0, ms: 3000)
        call.transcribed(1, "one")
        call.answered(1, "You said one and nothing but one.")
        call.spoken(1, ms: 8000)
        hear(&call, fromMs: 3000, ms: 3000)
        call.forgetActions()
        call.transcribed(2, "two")
        guard case .line(.clear)? = call.actions.first, case .ask(_, 2, let conversation)? = call.actions.last else {
            Issue.record("\(call.actions)")
            return
        }
        #expect(conversation.map(\.role) == [.caller, .assistant, .caller])
    }

    @Test(arguments: [10_000, 1_000_000_000_000])
    func leapOfTheClockMakesNoClipsOfNothing(leapMs: Int) {
        var call = call()
        hear(&call, fromMs: 0, ms: 1000)
        hear(&call, fromMs: leapMs, ms: 3000)
        #expect(call.clips == [leapMs..<leapMs + 3000])
    }
}
