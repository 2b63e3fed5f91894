import Testing

@testable import Conversation

/// What the voice cannot say is never told as heard, and the caller hears something else instead.
struct CallMachineUnsayableTests {
    private static let apology = CallMachine.Configuration().apology

    private func asked(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) -> MachineDriver {
        var call = MachineDriver(configure)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        return call
    }

    private func texts(_ call: MachineDriver) -> [String] {
        call.heard.compactMap { if case .assistantHeard(let text, _, _) = $0 { text } else { nil } }
    }

    private func stages(_ call: MachineDriver) -> [String] {
        call.events.compactMap { if case .error(_, let stage) = $0 { stage } else { nil } }
    }

    @Test(arguments: ["...", "🙂", "🙂🙂 … 🎉", "—", "**", "?!"])
    func anAnswerWithoutAWordIsAFailedAnswer(answer: String) {
        var call = asked()
        call.answered(1, answer)
        call.passSpeaking(ms: 3008)
        #expect(stages(call) == ["assistant"])
        #expect(call.spokenText == Self.apology)
        #expect(texts(call) == [Self.apology])
        #expect(!call.heard.contains { if case .assistantHeard("", _, true) = $0 { true } else { false } })
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test(arguments: [nil, "the voice has no sounds for this script"], ["你好，很高兴为您服务。", "Привет."])
    func anAnswerThatTheVoiceCannotSayGivesWayToTheApology(failure: String?, answer: String) {
        var call = asked()
        call.answered(1, answer)
        call.spoken(turn: 1, failure: failure)
        #expect(stages(call) == ["tts"])
        #expect(call.heard == [.assistantHeard(text: "", turn: 1, complete: false)])
        call.passSpeaking(ms: 3008)
        #expect(call.spokenText.hasSuffix(Self.apology))
        #expect(texts(call) == ["", Self.apology])
        #expect(call.machine.conversation.map(\.text) == ["Hello", Self.apology], "the assistant is not told that it was heard")
    }

    @Test func ofAnAnswerThatCanBeSaidInPartThePartIsHeardAndNoMore() {
        var call = asked()
        call.answered(1, "Good morning. 你好. How are you?")
        call.spoken(1, ms: 800)
        call.spoken(turn: 1)
        call.spoken(1, ms: 800)
        call.pass(ms: 3000)
        #expect(call.heard == [.assistantHeard(text: "Good morning. How are you?", turn: 1, complete: false)])
        #expect(stages(call) == ["tts"])
        #expect(call.synthesized.count == 3, "no apology: the caller has heard an answer")
    }

    @Test func anEmojiBesideWordsIsNoFailure() {
        var call = asked()
        call.answered(1, "Good morning. 🙂")
        call.passSpeaking(ms: 2016)
        #expect(call.heard == [.assistantHeard(text: "Good morning.", turn: 1, complete: true)])
        #expect(stages(call).isEmpty)
    }

    @Test func aGreetingThatCannotBeSaidGivesWayToOneThatCan() {
        var call = MachineDriver { $0.greeting = "你好" }
        call.perform { $0.begin(nowMs: $1) }
        call.spoken(turn: 1)
        call.spoken(1, ms: 1200)
        call.spoken(1, ms: 1200)
        call.pass(ms: 4000)
        #expect(call.heard == [.assistantHeard(text: "Hello. How can I help you?", turn: 1, complete: false)])
        #expect(stages(call) == ["tts"])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        #expect(call.asked == [2], "the caller is answered all the same")
    }

    @Test func aPromptThatCannotBeSaidGivesWayToTheUsualApology() {
        var call = MachineDriver {
            $0.idlePromptMs = 1000
            $0.idlePrompt = "喂？"
        }
        call.perform { $0.begin(nowMs: $1) }
        call.pass(ms: 1000)
        call.spoken(turn: 1)
        call.passSpeaking(ms: 2016)
        #expect(call.spokenText.hasSuffix(Self.apology))
        #expect(texts(call).first == Self.apology)
    }

    @Test func aVoiceThatSaysNothingAtAllIsAskedForOneSubstituteOnly() {
        var call = MachineDriver { $0.greeting = "Welcome." }
        call.perform { $0.begin(nowMs: $1) }
        while call.machine.exchange?.isSynthesizing == true { call.spoken(turn: 1, failure: "broken") }
        #expect(call.synthesized == ["Welcome.", "Hello.", "How can I help you?"])
        #expect(call.heard == [.assistantHeard(text: "", turn: 1, complete: false)])
    }

    @Test func aGoodbyeThatCannotBeSaidEndsTheCallWithTheUsualOne() {
        var call = asked { $0.tools = [BuiltInTool.endCall.rawValue: ToolPlan(.endCall)] }
        call.toolRequested(turn: 1, ToolCall(id: "g1", name: BuiltInTool.endCall.rawValue, arguments: "{}"))
        call.answered(1, "再见")
        call.spoken(turn: 1)
        #expect(call.synthesized.last == call.machine.configuration.goodbye)
        call.spoken(turn: 1, failure: "broken")
        #expect(call.events.last == .stopped(reason: "agent_ended"), "where that cannot be said either, the call ends all the same")
        #expect(call.actions.contains(.line(.hangUp)))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aGoodbyeToASilentCallerThatCannotBeSaidEndsTheCall() {
        var call = MachineDriver {
            $0.idlePromptMs = 1000
            $0.mostIdlePrompts = 0
        }
        call.perform { $0.begin(nowMs: $1) }
        call.pass(ms: 1000)
        while call.machine.exchange?.isSynthesizing == true { call.spoken(turn: 1) }
        #expect(call.events.last == .stopped(reason: "idle"))
    }

    @Test func aFillerThatCannotBeSaidTakesNothingFromTheAnswer() {
        var call = asked { $0.silence.fillerAfterMs = 1000 }
        call.pass(ms: 1000)
        call.spoken(turn: 1, failure: "broken")
        call.answered(1, "Good morning.")
        call.spoken(1, ms: 800)
        call.pass(ms: 1500)
        #expect(call.heard == [.assistantHeard(text: "Good morning.", turn: 1, complete: true)])
    }
}
