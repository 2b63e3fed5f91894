import Testing

@testable import Conversation

/// Tools that the assistant calls in the middle of a call.
struct CallMachineToolTests {
    private static let lookUp = ToolCall(id: "a1", name: "find", arguments: "{}")
    private static let goodbye = ToolCall(id: "e1", name: BuiltInTool.endCall.rawValue, arguments: "{}")
    private static let transfer = ToolCall(id: "t1", name: BuiltInTool.transferCall.rawValue, arguments: "{\"destination\":\"desk\"}")
    private static let keys = ToolCall(id: "k1", name: BuiltInTool.sendDTMF.rawValue, arguments: "{\"digits\":\"12\"}")

    /// A call whose assistant has been asked its first question.
    private func asked(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) -> MachineDriver {
        var call = MachineDriver {
            $0.tools = [
                "find": ToolPlan(.service, filler: "Let me look."), BuiltInTool.endCall.rawValue: ToolPlan(.endCall),
                BuiltInTool.transferCall.rawValue: ToolPlan(.transfer), BuiltInTool.sendDTMF.rawValue: ToolPlan(.digits),
            ]
            configure(&$0)
        }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Is there a table")
        return call
    }

    private func lastQuestion(_ call: MachineDriver) -> [ConversationTurn] {
        call.actions.reversed().lazy.compactMap { if case .ask(_, _, let conversation) = $0 { conversation } else { nil } }.first ?? []
    }

    @Test func theAssistantIsAskedAgainWithWhatTheToolSaid() {
        var call = asked()
        call.token(turn: 1, "I will see. ")
        call.toolRequested(turn: 1, Self.lookUp)
        #expect(call.actions.contains(.runTool(Self.lookUp)))
        #expect(call.events.contains(.toolCalled(Self.lookUp, turn: 1)))
        call.answered(turn: 1)
        #expect(call.asked == [1])
        let outcome = ToolOutcome(.done, "two tables")
        call.perform { $0.toolFinished("a1", outcome, nowMs: $1) }
        let use = ToolUse(Self.lookUp, outcome: outcome)
        #expect(call.asked == [1, 1])
        let expected = [
            ConversationTurn(role: .caller, text: "Is there a table"), ConversationTurn(role: .assistant, text: "I will see. "),
            ConversationTurn(tool: use),
        ]
        #expect(lastQuestion(call) == expected)
        call.spoken(1, ms: 500)
        call.answered(1, "There are two.")
        call.spoken(1, ms: 500)
        call.caller(speaks: false, ms: 1504)
        #expect(call.heard == [.assistantHeard(text: "I will see. There are two.", turn: 1, complete: true)])
        #expect(call.machine.conversation.map(\.role) == [.caller, .assistant, .tool, .assistant])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aToolRunsOnceAlthoughTheCallerSpeaksOn() {
        var call = asked()
        call.toolRequested(turn: 1, Self.lookUp)
        call.answered(turn: 1)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "For four please")
        #expect(call.asked == [1], "what the tool does belongs into the answer")
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "two tables"), nowMs: $1) }
        #expect(call.asked == [1, 2])
        #expect(lastQuestion(call).map(\.role) == [.caller, .tool, .caller])
        #expect(lastQuestion(call)[1].tool?.outcome?.text == "two tables")
        #expect(call.actions.count { if case .runTool = $0 { true } else { false } } == 1)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aToolWaitsWhileTheCallerIsSpeaking() {
        var call = asked()
        call.caller(speaks: true, ms: 320)
        call.toolRequested(turn: 1, Self.lookUp)
        #expect(!call.actions.contains(.runTool(Self.lookUp)))
        call.caller(speaks: true, ms: 640)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "No wait for four")
        #expect(!call.actions.contains(.runTool(Self.lookUp)), "new words have made it void")
        #expect(call.machine.conversation.allSatisfy { $0.role == .caller })
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aToolThatWasMadeUpIsTurnedDownAndTold() {
        var call = asked()
        call.toolRequested(turn: 1, ToolCall(id: "x", name: "fly", arguments: "{}"))
        call.answered(turn: 1)
        #expect(call.asked == [1, 1])
        #expect(lastQuestion(call).last?.tool?.outcome?.status == .invalid)
    }

    @Test func anIdThatComesTwiceIsMadeUnique() {
        var call = asked()
        for _ in 0..<2 {
            call.toolRequested(turn: 1, Self.lookUp)
            call.answered(turn: 1)
            let id = call.machine.tools.running.first?.call.id ?? ""
            call.perform { $0.toolFinished(id, ToolOutcome(.done, "yes"), nowMs: $1) }
        }
        #expect(lastQuestion(call).compactMap(\.tool?.call.id) == ["a1", "call00001"])
    }

    @Test func anAssistantThatOnlyCallsToolsIsStopped() {
        var call = asked()
        while call.rules.openTurn != nil, call.asked.count < 100, !call.events.contains(where: { if case .error = $0 { true } else { false } }) {
            call.toolRequested(turn: 1, Self.lookUp)
            call.answered(turn: 1)
            guard let id = call.machine.tools.running.first?.call.id else { break }
            call.perform { $0.toolFinished(id, ToolOutcome(.done, "yes"), nowMs: $1) }
        }
        #expect(call.asked.count == CallMachine.mostRounds)
        call.passSpeaking(ms: 640)
        #expect(call.spokenText == call.machine.configuration.apology)
    }

    @Test func theGoodbyeIsHeardBeforeTheCallEnds() {
        var call = asked()
        call.token(turn: 1, "Bye then.")
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(turn: 1)
        call.spoken(1, ms: 1000)
        #expect(!call.actions.contains(.line(.hangUp)))
        call.caller(speaks: false, ms: 1504)
        #expect(call.actions.contains(.line(.hangUp)))
        #expect(call.events.last == .stopped(reason: "agent_ended"))
        #expect(call.events.contains { if case .toolFinished(let use, _, _) = $0 { use.outcome?.status == .done } else { false } })
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anAgentThatEndsTheCallWithoutAWordSaysGoodbye() {
        var call = asked()
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(turn: 1)
        #expect(call.synthesized == ["Goodbye."])
    }

    @Test func aCallerWhoSpeaksOverTheGoodbyeKeepsTheCall() {
        var call = asked()
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(1, "Goodbye and thank you for calling us.")
        call.spoken(1, ms: 3000)
        call.caller(speaks: false, ms: 320)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "One more question")
        #expect(!call.actions.contains(.line(.hangUp)))
        #expect(call.asked == [1, 2])
        #expect(call.machine.conversation.last { $0.tool != nil }?.tool?.outcome?.status == .cancelled)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aCallerIsPutThroughOnceTheAnnouncementHasBeenHeard() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(1, "I will put you through.")
        call.spoken(1, ms: 1000)
        #expect(!call.actions.contains(.runTool(Self.transfer)))
        call.caller(speaks: false, ms: 1504)
        #expect(call.actions.contains(.runTool(Self.transfer)))
        call.perform { $0.toolFinished("t1", ToolOutcome(.done, "ringing"), nowMs: $1) }
        #expect(!call.rules.isStopped, "nobody has answered yet")
        call.end(CallMachine.streamStopped)
        #expect(call.events.last == .stopped(reason: "transferring"))
        #expect(!call.events.contains { if case .toolFinished = $0 { true } else { false } }, "what comes of it is known later")
        #expect(!call.actions.contains(.line(.hangUp)), "the telephone network has the call now")
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aTransferWhoseLineStaysIsExplained() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("t1", ToolOutcome(.done, "ringing"), nowMs: $1) }
        call.caller(speaks: false, ms: CallMachine.leavingLimitMs + 64)
        #expect(call.asked == [1, 2])
        #expect(lastQuestion(call).last?.tool?.outcome?.status == .unknown)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aCallThatEndsForAnotherReasonTellsWhatCameOfItsTransfer() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("t1", ToolOutcome(.done, "ringing"), nowMs: $1) }
        call.end("ended_by_operator")
        #expect(call.events.last == .stopped(reason: "ended_by_operator"))
        #expect(call.rules.isFinished)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aTransferThatFailsIsExplained() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(turn: 1)
        #expect(call.actions.contains(.runTool(Self.transfer)), "nothing is to be heard first")
        call.perform { $0.toolFinished("t1", ToolOutcome(.failed, "nobody there"), nowMs: $1) }
        #expect(call.asked == [1, 2], "in a turn of its own")
        #expect(lastQuestion(call).last?.tool?.outcome?.text == "nobody there")
        call.answered(2, "Nobody is there.")
        #expect(call.synthesized.last == "Nobody is there.")
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aStreamThatEndsWhileTheTransferIsMadeComesBackUnlessSomebodyAnswers() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(turn: 1)
        call.end(CallMachine.streamStopped)
        #expect(!call.rules.isStopped)
        call.perform { $0.toolFinished("t1", ToolOutcome(.done, "ringing"), nowMs: $1) }
        #expect(call.events.last == .stopped(reason: "transferring"))
    }

    @Test func aLineThatPressesKeysIsAwayAndNotLost() {
        var call = asked()
        call.toolRequested(turn: 1, Self.keys)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("k1", ToolOutcome(.done, "pressed"), nowMs: $1) }
        #expect(call.asked == [1])
        call.end(CallMachine.streamStopped)
        #expect(call.events.last == .stopped(reason: "line_away"))
    }

    @Test func aLineThatPressesKeysAndStaysIsAnsweredAllTheSame() {
        var call = asked()
        call.toolRequested(turn: 1, Self.keys)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("k1", ToolOutcome(.done, "pressed"), nowMs: $1) }
        call.caller(speaks: false, ms: CallMachine.leavingLimitMs + 64)
        #expect(call.asked == [1, 2])
    }

    @Test func aToolThatRunsWhenTheCallerHangsUpIsWaitedFor() {
        var call = asked()
        call.toolRequested(turn: 1, Self.lookUp)
        call.end()
        #expect(!call.rules.isStopped)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "booked"), nowMs: $1) }
        #expect(call.rules.isFinished)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aSlowToolIsSpokenOver() {
        var call = asked()
        call.toolRequested(turn: 1, Self.lookUp)
        call.answered(turn: 1)
        call.caller(speaks: false, ms: 992)
        #expect(call.synthesized.isEmpty, "a fast tool needs no words")
        call.caller(speaks: false, ms: 64)
        #expect(call.synthesized == ["Let me look."])
        call.spoken(1, ms: 800)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "yes"), nowMs: $1) }
        call.answered(1, "It is free.")
        call.spoken(1, ms: 800)
        call.caller(speaks: false, ms: 2016)
        #expect(call.heard == [.assistantHeard(text: "It is free.", turn: 1, complete: true)], "a filler is no part of the answer")
        #expect(call.machine.conversation.map(\.text) == ["Is there a table", "", "It is free."])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test(arguments: 0...30) func anInterruptionLeavesWhatWasHeardInTheMemory(after windows: Int) {
        var call = asked()
        call.token(turn: 1, "One two three. ")
        call.toolRequested(turn: 1, Self.lookUp)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "yes"), nowMs: $1) }
        call.answered(1, "Four five six.")
        call.spoken(1, ms: 600, words: (0..<3).map { WordTiming(index: $0, endMs: ($0 + 1) * 200) })
        call.spoken(1, ms: 600, words: (0..<3).map { WordTiming(index: $0, endMs: ($0 + 1) * 200) })
        call.caller(speaks: false, ms: windows * 32)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "Stop that please")
        let heard = call.heard.compactMap { if case .assistantHeard(let text, _, _) = $0 { text } else { nil } }.joined(separator: " ")
        let remembered = call.machine.conversation.filter { $0.role == .assistant }.map(\.text).joined(separator: " ")
        #expect(remembered == heard)
        #expect("One two three. Four five six.".hasPrefix(heard))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aGoodbyeThatWasPutOffCanBeSaidLater() {
        var call = asked()
        call.toolRequested(turn: 1, Self.lookUp)
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("a1", ToolOutcome(.failed, "no"), nowMs: $1) }
        #expect(call.asked == [1, 1], "the assistant decides anew")
        #expect(lastQuestion(call).last?.tool?.outcome?.status == .cancelled)
        call.token(turn: 1, "That failed. Goodbye.")
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(turn: 1)
        call.passSpeaking(ms: 4000)
        #expect(call.events.last == .stopped(reason: "agent_ended"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aGoodbyeIsSaidAlsoWhereWordsCameBeforeATool() {
        var call = asked()
        call.token(turn: 1, "One moment. ")
        call.toolRequested(turn: 1, Self.lookUp)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "yes"), nowMs: $1) }
        call.toolRequested(turn: 1, Self.goodbye)
        call.answered(turn: 1)
        call.passSpeaking(ms: 4000)
        #expect(call.spokenText == "One moment. Goodbye.")
    }

    @Test func aNoiseDoesNotSwallowWhatIsToBeSaidAboutATool() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(turn: 1)
        call.caller(speaks: true, ms: 320)
        call.perform { $0.toolFinished("t1", ToolOutcome(.failed, "nobody there"), nowMs: $1) }
        #expect(call.asked == [1], "not while the caller may be saying something")
        call.caller(speaks: false, ms: call.longestSilenceMs)
        call.transcribed(2, "")
        #expect(call.asked == [1, 2])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aCallerWhoSpeaksOnIsNotPutThrough() {
        var call = asked()
        call.toolRequested(turn: 1, Self.transfer)
        call.answered(1, "I will put you through.")
        call.spoken(1, ms: 960)
        call.caller(speaks: false, ms: 640)
        // In the last moment of the announcement.
        call.caller(speaks: true, ms: 960)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "One more question")
        #expect(!call.actions.contains(.runTool(Self.transfer)))
        #expect(call.asked == [1, 2])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anIdThatASummaryHasReplacedIsNotUsedAgain() {
        var call = asked()
        call.toolRequested(turn: 1, Self.lookUp)
        call.answered(turn: 1)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "yes"), nowMs: $1) }
        call.machine.conversation = [ConversationTurn(role: .summary, text: "A table was found.")]
        call.toolRequested(turn: 1, Self.lookUp)
        #expect(call.machine.tools.running.map(\.call.id) == ["call00001"])
    }

    @Test func anAnswerThatTheLossOfTheLineCutIsToldAsUnfinished() {
        var call = asked()
        call.token(turn: 1, "Let me look that up. And")
        call.spoken(1, ms: 2000)
        call.caller(speaks: false, ms: 960)
        call.end("stream_lost")
        #expect(call.events.contains(.assistantCut(text: "Let me look that up. And", turn: 1)))
    }
}
