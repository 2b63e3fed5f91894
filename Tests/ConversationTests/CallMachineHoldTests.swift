import Testing

@testable import Conversation

/// Callers on hold, muted sides, and what operators have said.
struct CallMachineHoldTests {
    private static let line = "Thank you for holding. Please stay on the line."

    private func started(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) -> MachineDriver {
        var call = MachineDriver {
            $0.hold.lineEveryMs = 10_000
            configure(&$0)
        }
        call.perform { $0.begin(nowMs: $1) }
        return call
    }

    private func give(_ command: CallCommand, to call: inout MachineDriver, id: String = "c1") -> CommandRefusal? {
        let actions = call.perform { $0.obey(command, id: id, nowMs: $1) }
        return actions.lazy.compactMap { if case .answerCommand(id, let refusal) = $0 { refusal } else { nil } }.first
    }

    private func fillers(_ call: MachineDriver) -> [String] {
        call.events.compactMap { if case .assistantFiller(let text, _) = $0 { text } else { nil } }
    }

    @Test func onHoldTheCallerHearsTheLineAndNothingTheySayIsATurn() {
        var call = started { $0.idlePromptMs = 3000 }
        #expect(give(.hold, to: &call) == nil)
        call.passSpeaking(ms: 1000)
        call.callerSpeaksAndWaitsLong()
        call.perform { $0.digit("7", nowMs: $1) }
        call.passSpeaking(ms: 22_000)
        #expect(fillers(call) == [Self.line, Self.line, Self.line], "once at once and then every ten seconds")
        #expect(call.finals.isEmpty && call.asked.isEmpty && !call.actions.contains { if case .transcribe = $0 { true } else { false } })
        #expect(call.events.contains(.digit("7")) && !call.spokenText.contains("still there"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func afterTheHoldTheAgentSpeaksAndListensAgain() {
        var call = started()
        _ = give(.hold, to: &call)
        call.passSpeaking(ms: 3000)
        #expect(give(.resume, to: &call, id: "c2") == nil)
        #expect(call.events.contains(.holdEnded(.command, heldMs: 2976)))
        #expect(call.events.contains(.assistantText(text: "Thank you for holding.", turn: 2)))
        call.passSpeaking(ms: 3000)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Where were we?")
        #expect(call.asked.count == 1)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func wordsFromBeforeTheHoldAreAnsweredAfterIt() {
        var call = started()
        call.callerSpeaksAndWaits()
        _ = give(.hold, to: &call)
        call.transcribed(1, "Is there a table")
        call.passSpeaking(ms: 5000)
        #expect(call.finals.isEmpty && call.asked.isEmpty)
        _ = give(.resume, to: &call, id: "c2")
        #expect(call.finals == ["Is there a table"] && call.asked.count == 1)
        #expect(fillers(call).last == "Thank you for holding.", "said before the answer")
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anAnswerThatTheHoldCutIsSaidAgain() {
        var call = started()
        call.exchange(answer: "There are two tables left.", ms: 4000)
        call.pass(ms: 1500)
        _ = give(.hold, to: &call)
        call.passSpeaking(ms: 4000)
        call.forgetActions()
        _ = give(.resume, to: &call, id: "c2")
        #expect(call.events.contains(.assistantText(text: "Thank you for holding. There are two tables left.", turn: 3)))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aQuestionThatWasBeingThoughtAboutIsAskedAgain() {
        var call = started()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Is there a table")
        #expect(call.asked == [1])
        _ = give(.hold, to: &call)
        #expect(!call.cancelledRequests.isEmpty)
        call.passSpeaking(ms: 4000)
        _ = give(.resume, to: &call, id: "c2")
        #expect(call.asked == [1, 1])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aHoldThatNobodyEndsEndsByItself() {
        var call = started { $0.hold.limitMs = 20_000 }
        _ = give(.hold, to: &call)
        call.passSpeaking(ms: 25_000)
        #expect(call.events.contains { if case .holdEnded(.limit, _) = $0 { true } else { false } })
        #expect(call.spokenText.contains("Thank you for holding."))
    }

    @Test func musicIsHeardBetweenTheLinesWithoutAGap() {
        var call = started { $0.hold.sound = .music }
        _ = give(.hold, to: &call)
        for _ in 0..<400 {
            while call.machine.exchange?.isSynthesizing == true, let id = call.machine.exchange?.openPiece {
                call.rules.made([UInt8](repeating: 1, count: 8000), wordsMs: [])
                call.perform { $0.speech(piece: id, SpeechChunk(samples: [Int16](repeating: 8031, count: 8000)), nowMs: $1) }
                call.perform { $0.spoken(piece: id, nowMs: $1) }
            }
            call.pass(ms: 32)
        }
        let places = call.actions.compactMap { if case .playSound(_, .music, let fromMs) = $0 { fromMs } else { nil } }
        #expect(places == Array(stride(from: 0, to: places.count * 1000, by: 1000)) && places.count > 8)
        #expect(fillers(call).count == 2)
        #expect(call.machine.playout.unheardMs(nowMs: call.nowMs) > 0)
    }

    @Test func aKeyHoldsAndTheSameKeyResumes() {
        var call = started { $0.hold.keys = ["*": .hold] }
        call.perform { $0.digit("*", nowMs: $1) }
        call.passSpeaking(ms: 1000)
        call.perform { $0.digit("*", nowMs: $1) }
        #expect(call.events.contains(.holdStarted(.key)) && call.events.contains { if case .holdEnded(.key, _) = $0 { true } else { false } })
        #expect(!call.events.contains { if case .keyed = $0 { true } else { false } }, "the key is no turn")
    }

    @Test func aMutedAgentAnswersOnceItIsUnmuted() {
        var call = started()
        _ = give(.mute(.agent), to: &call)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Is there a table")
        call.passSpeaking(ms: 20_000)
        #expect(call.finals == ["Is there a table"] && call.asked.isEmpty && call.synthesized.isEmpty)
        _ = give(.unmute(.agent), to: &call, id: "c2")
        #expect(call.asked == [1])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aMutedCallerIsNotHeardUntilTheyAreUnmuted() {
        var call = started()
        _ = give(.mute(.caller), to: &call)
        call.callerSpeaksAndWaitsLong()
        #expect(!call.actions.contains { if case .transcribe = $0 { true } else { false } })
        _ = give(.unmute(.caller), to: &call, id: "c2")
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Is there a table")
        #expect(call.asked == [1])
    }

    @Test func aCommandInTheWrongStateIsRefusedAndChangesNothing() {
        var call = started()
        for command in [CallCommand.resume, .unmute(.agent), .unmute(.caller)] {
            #expect(give(command, to: &call) != nil, "\(command)")
        }
        _ = give(.hold, to: &call)
        #expect(give(.hold, to: &call, id: "c2")?.message == "the caller is on hold already")
        _ = give(.resume, to: &call, id: "c3")
        _ = give(.mute(.agent), to: &call, id: "c4")
        #expect(give(.say("Hello"), to: &call, id: "c5")?.message == "the agent is muted")
        _ = give(.transfer(destination: "desk"), to: &call, id: "c6")
        #expect(give(.digits("1"), to: &call, id: "c7") != nil && give(.transfer(destination: "desk"), to: &call, id: "c8") != nil)
        call.end()
        #expect(give(.hold, to: &call, id: "c9") != nil)
    }

    @Test func whatAnOperatorWantsSaidIsSaidAfterTheAnswerAndItsEndIsTold() {
        var call = started()
        call.exchange(answer: "There are two tables left.", ms: 2000)
        #expect(give(.say("Your taxi is here."), to: &call) == nil)
        #expect(!call.spokenText.contains("taxi"), "not over the answer")
        call.pass(ms: 3000)
        call.passSpeaking(ms: 3000)
        #expect(call.spokenText.contains("Your taxi is here."))
        let done = CallEvent.commandFinished(id: "c1", name: "say", ToolOutcome(.done, "The caller heard it."))
        #expect(call.events.contains(done))
    }

    @Test func anOperatorsTransferIsAnnouncedWhateverTheCallerSays() {
        var call = started()
        _ = give(.transfer(destination: "desk"), to: &call)
        call.passSpeaking(ms: 320)
        call.caller(speaks: true, ms: 960)
        call.passSpeaking(ms: 4000)
        let transfer = ToolCall(id: "c1", name: "transfer_call", arguments: "{\"destination\":\"desk\"}")
        #expect(call.actions.contains(.runTool(transfer)))
        call.perform { $0.toolFinished("c1", ToolOutcome(.failed, "busy"), nowMs: $1) }
        #expect(call.events.contains(.commandFinished(id: "c1", name: "transfer", ToolOutcome(.failed, "busy"))))
    }

    @Test func theCallerHearsRingingWhileSomebodyIsCalledAndTheAgentIfNoOneComes() {
        let wanted = ToolCall(id: "t1", name: "transfer_call", arguments: "{\"destination\":\"sales\",\"reason\":\"wants to buy\"}")
        var call = started {
            $0.tools = ["transfer_call": ToolPlan(.transfer)]
            $0.waiting = ["sales": .ringing]
        }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Sales please")
        call.token(turn: 1, "I will call them. ")
        call.toolRequested(turn: 1, wanted)
        call.answered(turn: 1)
        call.spoken(1, ms: 1000)
        call.pass(ms: 1500)
        #expect(
            call.events.contains(.holdStarted(.transfer)) && call.actions.contains { if case .playSound(_, .ringing, _) = $0 { true } else { false } }
        )
        call.callerSpeaksAndWaitsLong()
        call.pass(ms: 70_000)
        #expect(call.finals == ["Sales please"], "as on hold")
        #expect(!call.events.contains { if case .toolFinished = $0 { true } else { false } }, "calling somebody takes longer than other tools may")
        call.perform { $0.toolFinished("t1", ToolOutcome(.failed, "the line was busy"), nowMs: $1) }
        #expect(call.asked == [1, 3], "the assistant says what happened")
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aCallThatComesBackOnHoldStaysOnHold() {
        var call = started {
            $0.resumption = Resumption(conversation: [ConversationTurn(role: .caller, text: "Hello")], lastTurn: 1, debt: .answer("Hello to you."))
            $0.resumption?.standing = Standing(isOnHold: true)
        }
        call.passSpeaking(ms: 2000)
        #expect(fillers(call) == [Self.line])
        #expect(give(.resume, to: &call) == nil)
        #expect(call.events.contains(.assistantText(text: "Thank you for holding. Hello to you.", turn: 3)))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aToolsHoldLastsAsLongAsTheToolAndMayBeEndedEarly() {
        for isEndedEarly in [false, true] {
            var call = started { $0.tools = ["hold_call": ToolPlan(.hold, limit: 1)] }
            call.callerSpeaksAndWaits()
            call.transcribed(1, "Ask your boss")
            call.token(turn: 1, "One moment. ")
            call.toolRequested(turn: 1, ToolCall(id: "h1", name: "hold_call", arguments: "{\"seconds\":20}"))
            call.answered(turn: 1)
            call.spoken(1, ms: 500)
            call.pass(ms: 1000)
            #expect(call.events.contains(.holdStarted(.tool)))
            if isEndedEarly {
                #expect(give(.resume, to: &call) == nil)
                #expect(call.actions.contains(.cancelTool(id: "h1")))
            } else {
                call.perform { $0.toolFinished("h1", ToolOutcome(.done, "over"), nowMs: $1) }
            }
            #expect(call.asked == [1, 3])
            call.toolRequested(turn: 3, ToolCall(id: "h2", name: "hold_call", arguments: "{\"seconds\":20}"))
            let refused = call.events.contains { if case .toolFinished(let use, _, _) = $0 { use.outcome?.status == .invalid } else { false } }
            #expect(refused, "the agent may hold once")
            #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
        }
    }
}
