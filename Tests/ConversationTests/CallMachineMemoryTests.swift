import Testing

@testable import Conversation

/// The memory of long calls.
struct CallMachineMemoryTests {
    private func longCall(turns: Int, summarizes: Bool = true) -> MachineDriver {
        var call = MachineDriver {
            $0.memory.tokens = 200
            $0.memory.summarizes = summarizes
        }
        for turn in 1...turns {
            call.callerSpeaksAndWaits()
            call.transcribed(turn, "It is about one of the things we spoke of yesterday evening")
            call.answered(turn, "You told me a lot about number \(turn) and I will not forget it.")
            call.passSpeaking(ms: 2016)
            // The driver performs events one by one; a session does this after each.
            call.perform { machine, _ in machine.summarizeIfFull() }
        }
        return call
    }

    private func wanted(_ call: MachineDriver) -> (count: Int, entries: [ConversationTurn])? {
        call.actions.lazy.compactMap { if case .summarize(let count, let entries) = $0 { (count, entries) } else { nil } }.first
    }

    @Test func aFullMemoryIsPutIntoFewWords() throws {
        var call = longCall(turns: 5)
        let (count, entries) = try #require(wanted(call))
        #expect(entries == Array(call.machine.conversation.prefix(count)))
        let rest = Array(call.machine.conversation.dropFirst(count))
        call.perform { machine, _ in machine.summarized(count: count, "They spoke of numbers.") }
        #expect(call.machine.conversation == [ConversationTurn(role: .summary, text: "They spoke of numbers.")] + rest)
        #expect(rest.contains { $0.role == .caller })
    }

    @Test func aSummaryThatFailsLeavesTheMemoryAsItWas() throws {
        var call = longCall(turns: 5)
        let (count, _) = try #require(wanted(call))
        let before = call.machine.conversation
        call.perform { machine, _ in machine.summarized(count: count, nil) }
        #expect(call.machine.conversation == before)
        call.perform { machine, _ in machine.summarizeIfFull() }
        #expect(call.actions.count { if case .summarize = $0 { true } else { false } } == 1, "not again at once")
    }

    @Test func nothingIsSummedUpUnlessAskedFor() {
        #expect(wanted(longCall(turns: 8, summarizes: false)) == nil)
    }
}
