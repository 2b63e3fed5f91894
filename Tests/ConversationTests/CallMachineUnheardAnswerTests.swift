import Testing

@testable import Conversation

/// The caller speaks while an answer is made, before it is heard or as its last word is.
struct CallMachineUnheardAnswerTests {
    @Test func lateWordsAndSoundsOfACutAnswerAreIgnored() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.token(turn: 1, "Good morning. And")
        call.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 8000)))
        call.pass(ms: 100)
        call.caller(speaks: true, ms: 640)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "I would like something else")
        #expect(call.cancelledRequests == [1, 2])
        call.forgetActions()
        call.token(turn: 1, " so on. And on.")
        call.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 8000)))
        call.spoken(turn: 1, failure: "cancelled")
        call.answered(turn: 1, failure: "cancelled")
        #expect(call.actions.isEmpty)
        #expect(!call.machine.wants(ask: 1) && !call.machine.wants(piece: 2))
    }

    @Test func answerCutWhileItWasMadeHasItsTextTold() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.token(turn: 1, "Good morning. And")
        call.spoken(1, ms: 1000)
        call.pass(ms: 2000)
        call.caller(speaks: true, ms: 640)
        call.caller(speaks: false, ms: 736)
        call.forgetActions()
        call.transcribed(2, "I would like something else")
        #expect(
            call.events.prefix(3) == [
                .bargeIn(turn: 1, playedMs: 1000),
                .assistantText(text: "Good morning. And", turn: 1),
                .assistantHeard(text: "Good morning.", turn: 1, complete: false),
            ]
        )
    }

    @Test func coughBeforeTheFirstSoundDoesNotCostTheAnswer() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.token(turn: 1, "Good morning.")
        call.caller(speaks: true, ms: 96)
        call.answered(turn: 1, failure: nil)
        call.spoken(1, ms: 500)
        call.caller(speaks: false, ms: 736)
        #expect(call.sentAudio == 0, "held back while the cough may still turn out to be words")
        call.transcribed(2, "")
        #expect(call.sentAudio > 0)
        call.pass(ms: 600)
        #expect(call.heard == [.assistantHeard(text: "Good morning.", turn: 1, complete: true)])
    }

    @Test func wordsBeforeTheFirstSoundReplaceTheAnswer() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Book a table")
        call.answered(1, "For when?")
        call.caller(speaks: true, ms: 320)
        call.spoken(1, ms: 500)
        call.caller(speaks: false, ms: 736)
        call.forgetActions()
        call.transcribed(2, "at eight")
        #expect(
            call.actions == [
                .emit(.speechStopped(audioMs: call.mediaMs - 736)),
                .emit(.assistantHeard(text: "", turn: 1, complete: false)),
                .emit(.final(text: "at eight", turn: 2, audioMs: call.mediaMs - 736, confidence: nil)),
                .ask(
                    id: 3,
                    turn: 2,
                    [ConversationTurn(role: .caller, text: "Book a table"), ConversationTurn(role: .caller, text: "at eight")]
                ),
            ]
        )
        call.pass(ms: 5000)
        #expect(call.farEnd.played.isEmpty)
    }

    /// Nobody agrees with an answer that has not begun: the words go on from those before.
    @Test(arguments: ["two", "okay", "for four people"], [96, 320])
    func shortWordsBeforeTheFirstSoundAreNotLost(text: String, ms: Int) {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Book a table")
        call.caller(speaks: true, ms: ms)
        call.caller(speaks: false, ms: 1600)
        call.transcribed(2, text)
        #expect(call.finals == ["Book a table", text])
        #expect(call.asked == [1, 2])
    }

    @Test func interruptionAfterTheLastWordFindsTheAnswerHeardWhole() {
        var call = MachineDriver()
        call.exchange(answer: "One two three.", ms: 990)
        // The last mark is on its way back.
        call.echoDelayMs = 0
        call.echoesMarks = false
        call.caller(speaks: false, ms: 1024)
        call.caller(speaks: true, ms: 320)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "I would like something else")
        #expect(call.heard == [.assistantHeard(text: "One two three.", turn: 1, complete: true)])
        #expect(!call.actions.contains(.line(.clear)))
    }
}
