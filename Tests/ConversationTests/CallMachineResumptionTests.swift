import Testing

@testable import Conversation

/// A call whose line was lost, on its new stream.
struct CallMachineResumptionTests {
    private static let apology = CallMachine.Configuration().resumeApology

    private func resumed(_ debt: Resumption.Debt, greeting: String? = nil) -> MachineDriver {
        let memory = [ConversationTurn(role: .caller, text: "Book a table"), ConversationTurn(role: .assistant, text: "For how many?")]
        let owed = ConversationTurn(role: .caller, text: "For two")
        let isOwed = if case .reply = debt { true } else { false }
        var call = MachineDriver {
            $0.greeting = greeting
            $0.resumption = Resumption(conversation: isOwed ? memory + [owed] : memory, lastTurn: 7, debt: debt)
        }
        call.perform { $0.begin(nowMs: $1) }
        return call
    }

    /// The opening is synthesised and heard to its end.
    private func hearOpening(_ call: inout MachineDriver) {
        call.spoken(8, ms: 1000)
        call.caller(speaks: false, ms: 1504)
    }

    @Test func theCallerHearsAnApologyInsteadOfAnotherGreeting() {
        var call = resumed(.nothing, greeting: "Welcome!")
        #expect(call.events == [.active, .assistantText(text: Self.apology, turn: 8)])
        hearOpening(&call)
        #expect(call.heard == [.assistantHeard(text: Self.apology, turn: 8, complete: true)])
        #expect(call.asked.isEmpty)
    }

    @Test func theAssistantRemembersWhatWasHeardBefore() {
        var call = resumed(.nothing)
        hearOpening(&call)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "For two")
        guard case .ask(_, 9, let conversation)? = call.actions.last else {
            Issue.record("\(call.actions)")
            return
        }
        #expect(conversation.map(\.text) == ["Book a table", "For how many?", Self.apology, "For two"])
    }

    @Test func wordsThatHadNoAnswerAreAnsweredBehindTheApology() {
        var call = resumed(.reply(turn: 7))
        #expect(call.asked.isEmpty, "first the apology")
        hearOpening(&call)
        guard case .ask(_, 7, let conversation)? = call.actions.last else {
            Issue.record("\(call.actions)")
            return
        }
        #expect(conversation.map(\.text) == ["Book a table", "For how many?", Self.apology, "For two"])
        call.answered(7, "A table for two.")
        #expect(call.events.contains(.assistantText(text: "A table for two.", turn: 7)))
    }

    /// A caller who was to be put through to somebody who did not answer.
    private func returned(_ id: String) -> MachineDriver {
        let tool = ToolCall(id: id, name: BuiltInTool.transferCall.rawValue, arguments: "{}")
        var call = MachineDriver {
            let memory = [
                ConversationTurn(role: .caller, text: "The front desk, please"),
                ConversationTurn(tool: ToolUse(tool, outcome: ToolOutcome(.failed, "the line was busy"))),
            ]
            $0.resumption = Resumption(conversation: memory, lastTurn: 7, debt: .followUp)
            $0.resumption?.isExpected = true
        }
        call.perform { $0.begin(nowMs: $1) }
        return call
    }

    @Test func theAssistantExplainsToACallerWhoComesBackWhyNobodyAnswered() {
        let call = returned("t1")
        guard case .ask(_, 8, let conversation)? = call.actions.last else {
            Issue.record("\(call.actions)")
            return
        }
        #expect(conversation.last?.tool?.outcome?.text == "the line was busy")
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    /// An assistant that has failed, or only repeats, has nothing to say about it.
    @Test func aCallerWhomNobodyTookOverHearsFixedWordsAndMayTryOnceMore() {
        var call = returned("handover-7")
        #expect(call.asked.isEmpty)
        call.passSpeaking(ms: 2016)
        #expect(call.spokenText == call.machine.configuration.apology)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Are you there?")
        #expect(call.asked == [9])
        call.answered(turn: 9, failure: "500")
        call.passSpeaking(ms: 2016)
        #expect(call.spokenText.hasSuffix(call.machine.configuration.silence.goodbye), "there is no second attempt to put them through")
        #expect(call.events.last == .stopped(reason: "assistant_failed"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func wordsSpokenOverTheApologyAreAnsweredInPlaceOfTheOldOnes() {
        var call = resumed(.reply(turn: 7))
        call.spoken(8, ms: 4000)
        call.caller(speaks: false, ms: 512)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello I said a table for two")
        #expect(call.asked == [9])
    }

    @Test func anAnswerThatWasCutIsSaidAgainAndNotMadeAgain() {
        var call = resumed(.answer("A table for two at eight."))
        #expect(call.events.last == .assistantText(text: "\(Self.apology) A table for two at eight.", turn: 8))
        hearOpening(&call)
        #expect(call.asked.isEmpty)
    }

    /// Speaks these words over the opening: over the apology, or over the answer that is said again behind it.
    private func spokenOver(_ call: inout MachineDriver, theAnswer: Bool = false, _ words: String, speechMs: Int = 480) {
        while call.machine.exchange?.isSynthesizing == true { call.spoken(8, ms: 4000) }
        call.caller(speaks: false, ms: 512)
        while theAnswer, heardWords(call) <= Self.apology.split(separator: " ").count, call.nowMs < 60_000 { call.caller(speaks: false, ms: 32) }
        call.callerSpeaksAndWaits(ms: speechMs)
        call.transcribed(1, words)
        call.caller(speaks: false, ms: 3008)
    }

    /// How many words of the opening have been heard.
    private func heardWords(_ call: MachineDriver) -> Int {
        let heard = call.machine.exchange?.heardText(playedMs: call.machine.playout.playedMs(nowMs: call.nowMs))
        return heard?.split(separator: " ").count ?? .max
    }

    @Test(arguments: ["yes", "seven", "okay", "mm-hm"])
    func aShortAnswerOverTheApologyIsATurn(words: String) {
        for debt in [Resumption.Debt.nothing, .answer("For how many?"), .answer("The table is booked.")] {
            var call = resumed(debt)
            spokenOver(&call, words)
            #expect(call.finals == [words], "\(debt)")
            #expect(call.asked == [9] && call.dismissals.isEmpty, "\(debt)")
            #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
        }
    }

    @Test func aVeryShortAnswerToTheQuestionThatIsAskedAgainIsATurn() {
        var call = resumed(.answer("I can do that. For how many? We have tables all evening."))
        spokenOver(&call, theAnswer: true, "two", speechMs: 256)
        #expect(call.finals == ["two"])
    }

    @Test func aBackchannelOverAnAnswerThatIsSaidAgainLetsItGoOn() {
        var call = resumed(.answer("The table is booked for two at eight on Friday."))
        spokenOver(&call, theAnswer: true, "okay")
        #expect(call.dismissals == [.backchannel])
        #expect(call.asked.isEmpty)
    }

    @Test func aCoughOverTheApologyIsNoTurn() {
        var call = resumed(.nothing)
        spokenOver(&call, "")
        #expect(call.dismissals == [.noWords])
        #expect(call.asked.isEmpty)
    }

    @Test func anOpeningThatWasCutIsNotWrappedInAnother() {
        let once = Resumption(lastTurn: 1, debt: .answer("A table for two.")).opening(apology: Self.apology)
        #expect(Resumption(lastTurn: 2, debt: .answer(once)).opening(apology: Self.apology) == once)
        #expect(Resumption(lastTurn: 2, debt: .answer(Self.apology)).opening(apology: Self.apology) == Self.apology)
    }
}
