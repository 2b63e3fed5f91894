import Testing

@testable import Conversation

/// A caller is never left in silence, whatever fails.
struct CallMachineSilenceTests {
    private func waiting(_ configure: (inout CallMachine.Configuration) -> Void = { _ in }) -> MachineDriver {
        var call = MachineDriver {
            $0.silence.fillerAfterMs = 2000
            configure(&$0)
        }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Tell me more")
        return call
    }

    private func errors(_ call: MachineDriver) -> [String] {
        call.events.compactMap { if case .error(let message, _) = $0 { message } else { nil } }
    }

    @Test func aSlowAssistantIsSpokenOver() {
        var call = waiting()
        call.caller(speaks: false, ms: 1216)
        #expect(call.synthesized.isEmpty, "736 ms of the caller's silence count, too")
        call.caller(speaks: false, ms: 96)
        #expect(call.synthesized == ["One moment, please."])
        #expect(call.events.contains(.assistantFiller(text: "One moment, please.", turn: 1)))
        call.spoken(1, ms: 640)
        call.answered(1, "It is so.")
        call.spoken(1, ms: 640)
        call.caller(speaks: false, ms: 2016)
        #expect(call.heard == [.assistantHeard(text: "It is so.", turn: 1, complete: true)])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func silenceIsNeverLongerThanConfiguredWhileNothingComes() {
        var call = waiting { $0.silence.giveUpAfterMs = 10_000 }
        call.passSpeaking(ms: 30_000)
        let fillers = call.events.compactMap { if case .assistantFiller(let text, _) = $0 { text } else { nil } }
        #expect(fillers.prefix(3) == ["One moment, please.", "Just a moment longer.", "I am still on it."])
        #expect(call.farEnd.longestSilenceMs <= 2100, "\(call.farEnd.longestSilenceMs)")
        #expect(errors(call) == ["the assistant said nothing for 10000 ms"])
        #expect(call.spokenText.hasSuffix(call.machine.configuration.apology))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anAssistantThatStallsInMidSentenceIsGivenUp() {
        var call = waiting { $0.silence.giveUpAfterMs = 5000 }
        call.token(turn: 1, "It is so. And it")
        call.passSpeaking(ms: 9000)
        #expect(call.spokenText == "It is so. One moment, please. Sorry, I did not manage that. Please try again.")
        #expect(call.heard == [.assistantHeard(text: "It is so. Sorry, I did not manage that. Please try again.", turn: 1, complete: false)])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anAnswerThatBreaksOffIsFollowedByAnApology() {
        var call = waiting()
        call.token(turn: 1, "It is so. And it")
        call.answered(turn: 1, failure: "closed in mid-stream")
        call.passSpeaking(ms: 3008)
        #expect(call.spokenText == "It is so. Sorry, I did not manage that. Please try again.")
        #expect(errors(call) == ["closed in mid-stream"])
    }

    @Test func nothingIsSaidOverAnAnswer() {
        var call = waiting()
        call.token(turn: 1, "It is a long story. ")
        call.spoken(1, ms: 6000)
        call.caller(speaks: false, ms: 5504)
        #expect(call.synthesized == ["It is a long story."])
        call.caller(speaks: false, ms: 3008)
        #expect(call.synthesized == ["It is a long story.", "One moment, please."], "the assistant has not finished")
    }

    @Test func anEmptyAnswerIsAFailure() {
        var call = waiting()
        call.answered(turn: 1)
        call.passSpeaking(ms: 640)
        #expect(call.spokenText == call.machine.configuration.apology)
        #expect(errors(call) == ["the assistant answered nothing"])
    }

    @Test func afterTooManyFailuresTheCallerIsToldGoodbye() {
        var call = waiting()
        call.answered(turn: 1, failure: "500")
        call.passSpeaking(ms: 2016)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "Try once more")
        call.answered(turn: 2, failure: "500")
        call.passSpeaking(ms: 6016)
        #expect(call.spokenText.hasSuffix(call.machine.configuration.silence.goodbye))
        #expect(call.actions.contains(.line(.hangUp)))
        #expect(call.events.last == .stopped(reason: "assistant_failed"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func orPutThrough() {
        var call = waiting {
            $0.silence.mostFailures = 1
            $0.silence.lastResort = .transfer("desk")
        }
        call.answered(turn: 1, failure: "500")
        call.passSpeaking(ms: 3008)
        let ran = call.actions.compactMap { if case .runTool(let tool) = $0 { tool } else { nil } }
        #expect(ran.map(\.name) == [BuiltInTool.transferCall.rawValue])
        #expect(ran.map(\.arguments) == ["{\"destination\":\"desk\"}"])
        call.perform { $0.toolFinished(ran.first?.id ?? "", ToolOutcome(.done, "ringing"), nowMs: $1) }
        call.end(CallMachine.streamStopped)
        #expect(call.events.last == .stopped(reason: "transferring"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func anAnswerThatIsHeardEndsTheCountOfFailures() {
        var call = waiting()
        call.answered(turn: 1, failure: "500")
        call.passSpeaking(ms: 2016)
        for turn in 2...3 {
            call.callerSpeaksAndWaits()
            call.transcribed(turn, "Try once more")
            if turn == 2 { call.answered(2, "Here you are.") } else { call.answered(turn: 3, failure: "500") }
            call.passSpeaking(ms: 2016)
        }
        #expect(call.spokenText.hasSuffix(call.machine.configuration.apology))
        #expect(!call.actions.contains(.line(.hangUp)))
    }

    @Test func aVoiceThatFailsIsTriedAgainAndThenTheLineIsClosed() {
        var call = waiting()
        call.answered(1, "It is so.")
        for _ in 0..<12 {
            guard let turn = call.machine.exchange?.turn else { break }
            call.spoken(turn: turn, failure: "broken")
        }
        let tried = ["It is so.", call.machine.configuration.apology, call.machine.configuration.silence.goodbye]
        #expect(call.spokenText == tried.joined(separator: " "))
        #expect(call.events.last == .stopped(reason: "assistant_failed"))
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aVoiceThatMakesNoAudioIsGivenUp() {
        var call = waiting { $0.silence.speechLimitMs = 3000 }
        call.answered(1, "It is so.")
        call.caller(speaks: false, ms: 3040)
        #expect(call.actions.contains(.cancelSpeech(id: 2)))
        #expect(errors(call) == ["the voice made no audio for 3000 ms"])
    }

    @Test func wordsThatCouldNotBeRecognisedAreAskedForAgain() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.perform { $0.transcribed(task: 1, nil, failure: "broken", nowMs: $1) }
        call.rules.transcribed(1)
        call.caller(speaks: false, ms: 1504)
        call.passSpeaking(ms: 640)
        #expect(call.spokenText == "Sorry, I did not catch that. Could you say it again?")
    }

    @Test func slowRecognitionIsSpokenOverAndItsWordsAreAnsweredBehindThat() {
        var call = MachineDriver { $0.silence.fillerAfterMs = 2000 }
        call.callerSpeaksAndWaitsLong()
        call.caller(speaks: false, ms: 2016)
        #expect(call.synthesized == ["One moment, please."])
        call.spoken(1, ms: 1000)
        call.caller(speaks: false, ms: 320)
        #expect(call.sentAudio > 0, "nobody knows yet what the caller said, and it is said all the same")
        call.transcribed(1, "Tell me more")
        #expect(call.asked == [1])
        #expect(!call.actions.contains(.line(.clear)))
        call.answered(1, "It is so.")
        call.spoken(1, ms: 1000)
        call.caller(speaks: false, ms: 3008)
        #expect(call.heard == [.assistantHeard(text: "It is so.", turn: 1, complete: true)])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func slowRecognitionOfNoiseEndsWithTheFiller() {
        var call = MachineDriver { $0.silence.fillerAfterMs = 2000 }
        call.callerSpeaksAndWaitsLong()
        call.caller(speaks: false, ms: 2016)
        call.spoken(1, ms: 1000)
        call.transcribed(1, "")
        call.caller(speaks: false, ms: 3008)
        #expect(call.asked.isEmpty)
        #expect(call.machine.isQuiet)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aCallerWhoSpeaksOverAFillerIsHeard() {
        var call = waiting()
        call.caller(speaks: false, ms: 1312)
        call.spoken(1, ms: 2000)
        call.caller(speaks: false, ms: 320)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "One more question")
        #expect(call.asked == [1, 2])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aFaultThatWasMadeGoodIsToldAndNoMore() {
        var call = waiting()
        call.fault(turn: 1, "500, the fallback answered")
        call.answered(1, "It is so.")
        #expect(errors(call) == ["500, the fallback answered"])
        #expect(call.synthesized == ["It is so."])
    }

    @Test func aCallerWhoSpeaksOverTheAnnouncementIsPutThroughNextTime() {
        var call = waiting {
            $0.silence.mostFailures = 1
            $0.silence.lastResort = .transfer("desk")
        }
        call.answered(turn: 1, failure: "500")
        call.passSpeaking(ms: 320)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "One more question")
        call.answered(turn: 2, failure: "500")
        call.passSpeaking(ms: 4000)
        #expect(call.actions.contains { if case .runTool(let tool) = $0 { tool.name == BuiltInTool.transferCall.rawValue } else { false } })
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func wordsThatWaitedForAProtectedGreetingAreAnsweredAlsoWhenTheVoiceFails() {
        var call = MachineDriver {
            $0.greeting = "Welcome."
            $0.greetingProtectedMs = 5000
        }
        call.perform { $0.begin(nowMs: $1) }
        call.callerSpeaksAndWaitsLong()
        call.transcribed(1, "Tell me more")
        #expect(call.asked.isEmpty)
        call.spoken(turn: 1, failure: "broken")
        #expect(call.asked == [2])
    }
}
