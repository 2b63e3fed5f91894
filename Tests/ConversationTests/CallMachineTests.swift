import Audio
import Testing

@testable import Conversation

struct CallMachineTests {
    @Test func wholeExchangeFromSpeechToTheLastWordHeard() {
        var call = MachineDriver()
        let silenceMs = call.machine.configuration.turns.endpoint.silenceMs(after: EndpointRule.phrase(segments: ["Hello"]))
        call.perform { $0.begin(nowMs: $1) }
        call.callerSpeaksAndWaits()
        #expect(call.events == [.active, .speechStarted(audioMs: 0)])
        #expect(call.clips == [0..<1184])
        call.transcribed(1, "Hello")
        #expect(
            call.actions.suffix(3) == [
                .emit(.speechStopped(audioMs: 960)),
                .emit(.final(text: "Hello", turn: 1, audioMs: 960, confidence: nil)),
                .ask(id: 1, turn: 1, [ConversationTurn(role: .caller, text: "Hello")]),
            ]
        )
        call.pass(ms: 200)
        call.answered(1, "Good morning. How are you?")
        #expect(call.synthesized == ["Good morning."])
        call.pass(ms: 100)
        call.spoken(1, ms: 800)
        #expect(call.synthesized == ["Good morning.", "How are you?"])
        call.spoken(1, ms: 700)
        call.pass(ms: 1600)
        #expect(call.farEnd.played.count == 1500 * 8)
        #expect(
            call.events.suffix(3) == [
                .assistantText(text: "Good morning. How are you?", turn: 1),
                .turnMetrics(
                    TurnMetrics(turn: 1, endpointMs: silenceMs, sttMs: 736 - silenceMs, chatFirstTokenMs: 200, ttsFirstAudioMs: 100, wireMs: 20)
                ),
                .assistantHeard(text: "Good morning. How are you?", turn: 1, complete: true),
            ]
        )
        #expect(call.machine.nextDeadlineMs == nil)
    }

    @Test func answerIsEncodedAsMuLawWithoutChange() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "Hi.")
        let samples = (0..<4000).map { Int16(truncatingIfNeeded: $0 &* 7919) }
        call.speech(turn: 1, SpeechChunk(samples: samples))
        call.spoken(turn: 1, failure: nil)
        call.pass(ms: 600)
        #expect(call.farEnd.played == MuLaw.encode(samples))
    }

    @Test func assistantSeesTheConversationAsItWasHeard() {
        var call = MachineDriver()
        call.exchange(answer: "One two three four five six seven eight.")
        call.pass(ms: 1000)
        call.callerSpeaksAndWaits()
        call.transcribed(2, "Stop, please")
        guard case .ask(_, 2, let conversation)? = call.actions.last else {
            Issue.record("the second turn was not asked")
            return
        }
        #expect(conversation.map(\.role) == [.caller, .assistant, .caller])
        #expect(conversation.map(\.text) == ["Tell me more", "One two three four five", "Stop, please"])
    }

    @Test func coughIsNoTurn() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "")
        #expect(call.finals.isEmpty && call.asked.isEmpty)
        #expect(call.events.last == .dismissed(text: "", audioMs: 960, reason: .noWords))
        call.callerSpeaksAndWaits()
        call.transcribed(2, "Hello")
        #expect(call.events.last == .final(text: "Hello", turn: 1, audioMs: call.mediaMs - 736, confidence: nil))
    }

    @Test func textsAreToldInTheOrderTheyWereSpoken() {
        var call = MachineDriver()
        for _ in 0..<3 { call.callerSpeaksAndWaitsLong() }
        call.transcribed(3, "three")
        call.transcribed(2, "two")
        #expect(call.finals.isEmpty)
        call.transcribed(1, "one")
        #expect(call.finals == ["one", "two", "three"])
        #expect(call.asked == [3])
    }

    @Test func resultTwiceOrOfAnUnknownTaskIsIgnored() {
        var call = MachineDriver()
        for _ in 0..<2 { call.callerSpeaksAndWaitsLong() }
        call.transcribed(2, "two")
        call.transcribed(2, "other")
        call.transcribed(7, "seven")
        call.transcribed(1, "one")
        call.transcribed(1, "one")
        #expect(call.finals == ["one", "two"])
    }

    @Test func callerWhoGoesOnGetsOneAnswerToTheLastWords() {
        var call = MachineDriver()
        call.callerSpeaksAndWaitsLong()
        call.caller(speaks: true, ms: 320)
        call.transcribed(1, "I would like")
        #expect(call.finals == ["I would like"])
        #expect(call.asked.isEmpty)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "a table")
        #expect(call.asked == [2])
    }

    @Test func failedRecognitionIsAnErrorAndNoTurn() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.perform { $0.transcribed(task: 1, nil, failure: "no worker", nowMs: $1) }
        #expect(
            call.events.dropLast().suffix(3) == [
                .error(message: "no worker", stage: "stt"), .speechStopped(audioMs: 960), .dismissed(text: "", audioMs: 960, reason: .failed),
            ]
        )
        #expect(call.asked.isEmpty)
        // What the caller is then told is turn 1.
        call.passSpeaking(ms: 3008)
        call.exchange(task: 2, turn: 2)
        #expect(call.asked == [2])
    }

    @Test func callerHearsTheApologyWhenTheAssistantFails() {
        var call = MachineDriver { $0.apology = "So sorry." }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(turn: 1, failure: "no answer")
        #expect(call.events.suffix(2) == [.error(message: "no answer", stage: "assistant"), .assistantText(text: "So sorry.", turn: 1)])
        #expect(call.synthesized == ["So sorry."])
        call.spoken(1, ms: 500)
        call.pass(ms: 600)
        #expect(call.heard == [.assistantHeard(text: "So sorry.", turn: 1, complete: true)])
    }

    @Test func assistantFailingHalfWayIsNotLeftInMidSentence() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.token(turn: 1, "Well, ")
        call.answered(turn: 1, failure: "gone")
        call.passSpeaking(ms: 640)
        #expect(call.spokenText == call.machine.configuration.apology)
    }

    @Test func failedVoiceIsAnErrorAndItsWordsWereNotHeard() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "Good morning.")
        call.spoken(turn: 1, failure: "no voice")
        #expect(
            call.events.suffix(3) == [
                .error(message: "no voice", stage: "tts"), .assistantHeard(text: "", turn: 1, complete: false),
                .assistantText(text: call.machine.configuration.apology, turn: 2),
            ]
        )
        call.passSpeaking(ms: 3008)
        #expect(call.heard.last == .assistantHeard(text: call.machine.configuration.apology, turn: 2, complete: true))
    }

    @Test(arguments: ["", " ", "\n"])
    func emptyAnswerIsApologisedFor(answer: String) {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.forgetActions()
        call.answered(1, answer)
        call.passSpeaking(ms: 3008)
        #expect(call.spokenText == call.machine.configuration.apology)
        call.exchange(task: 2, turn: 2)
        #expect(call.asked == [2])
    }

    @Test func answerThatHasNoSoundIsAFailedAnswer() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "One.")
        call.spoken(turn: 1, failure: nil)
        #expect(call.heard == [.assistantHeard(text: "", turn: 1, complete: false)])
        #expect(call.events.contains(.error(message: "the voice made no sound for the text", stage: "tts")))
        #expect(call.sentAudio == 0)
        call.passSpeaking(ms: 2016)
        #expect(call.spokenText == "One. " + call.machine.configuration.apology)
    }

    @Test func answerMadeSlowerThanRealTimeIsFollowedExactly() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "One two three four five six seven eight nine ten.")
        for _ in 0..<10 {
            call.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 300 * 8)))
            call.pass(ms: 900)
            #expect(abs(call.machine.playout.playedMs(nowMs: call.nowMs) - call.farEnd.heardMs(nowMs: call.nowMs)) <= 20)
        }
        call.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 300 * 8)))
        call.spoken(turn: 1, failure: nil)
        call.pass(ms: 150)
        #expect(call.heard.isEmpty)
        call.pass(ms: 200)
        #expect(call.heard == [.assistantHeard(text: "One two three four five six seven eight nine ten.", turn: 1, complete: true)])
    }

    @Test func digitsAreTold() {
        var call = MachineDriver()
        call.perform { machine, _ in machine.digit("5", nowMs: 0) }
        #expect(call.events == [.digit("5")])
    }

    @Test func failingVoiceActivityIsToldOnce() {
        var call = MachineDriver()
        for _ in 0..<100 { call.perform { machine, _ in machine.voiceFailed("broken") } }
        #expect(call.events == [.error(message: "broken", stage: "vad")])
    }

    @Test func turnsOfAResumedCallGoOnFromTheLast() {
        var call = MachineDriver { $0.resumption = Resumption(lastTurn: 4) }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        #expect(call.asked == [5])
    }
}
