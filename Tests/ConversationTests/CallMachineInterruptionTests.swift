import Testing

@testable import Conversation

struct CallMachineInterruptionTests {
    @Test func bargeInStopsPlayback() {
        var call = MachineDriver()
        call.exchange(answer: "One two three four five six seven eight.", ms: 4000)
        call.pass(ms: 2000)
        call.forgetActions()
        call.caller(speaks: true, ms: 64)
        let atMs = call.mediaMs - 64
        #expect(
            call.actions.filter { if case .line(.audio) = $0 { false } else if case .line(.mark) = $0 { false } else { true } } == [
                .emit(.speechStarted(audioMs: atMs)),
                .line(.clear),
                .emit(.bargeIn(turn: 1, playedMs: 2064)),
                .emit(.assistantHeard(text: "One two three four five", turn: 1, complete: false)),
            ]
        )
        call.forgetActions()
        call.pass(ms: 10_000)
        #expect(call.actions.isEmpty)
    }

    @Test func lateWordsAndSoundsOfACutAnswerAreIgnored() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.perform { $0.token(turn: 1, "Good morning. And", nowMs: $1) }
        call.perform { $0.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 8000)), nowMs: $1) }
        call.pass(ms: 100)
        call.caller(speaks: true, ms: 64)
        call.forgetActions()
        call.perform { $0.token(turn: 1, " so on. And on.", nowMs: $1) }
        call.perform { $0.speech(turn: 1, SpeechChunk(samples: [Int16](repeating: 9, count: 8000)), nowMs: $1) }
        call.perform { $0.spoken(turn: 1, failure: "cancelled", nowMs: $1) }
        call.perform { $0.answered(turn: 1, failure: "cancelled", nowMs: $1) }
        #expect(call.actions.isEmpty)
        #expect(!call.machine.wants(turn: 1))
    }

    @Test func answerCutWhileItWasMadeHasItsTextTold() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.perform { $0.token(turn: 1, "Good morning. And", nowMs: $1) }
        call.spoken(1, ms: 1000)
        call.pass(ms: 2000)
        call.caller(speaks: true, ms: 64)
        #expect(
            call.events.suffix(2) == [
                .assistantText(text: "Good morning. And", turn: 1),
                .assistantHeard(text: "Good morning.", turn: 1, complete: false),
            ]
        )
    }

    @Test(arguments: Array(stride(from: 20, through: 3900, by: 97)))
    func heardTextIsRightWheneverTheCallerInterrupts(atMs: Int) {
        var call = MachineDriver()
        let words = (10..<30).map { "word\($0)" }
        call.exchange(answer: words.joined(separator: " "), ms: 4000)
        call.pass(ms: atMs)
        let truth = call.farEnd.heardMs(nowMs: call.nowMs) + 64
        call.caller(speaks: true, ms: 64)
        guard case .assistantHeard(let text, 1, false)? = call.events.last else {
            Issue.record("nothing was heard")
            return
        }
        let count = text.split(separator: " ").count
        #expect(words.prefix(count).joined(separator: " ") == text)
        #expect(abs(Double(count) - Double(truth) / 200) <= 1)
    }

    @Test func coughBeforeTheFirstSoundDoesNotCostTheAnswer() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.perform { $0.token(turn: 1, "Good morning.", nowMs: $1) }
        call.caller(speaks: true, ms: 96)
        call.perform { $0.answered(turn: 1, failure: nil, nowMs: $1) }
        call.spoken(1, ms: 500)
        call.caller(speaks: false, ms: 736)
        call.pass(ms: 1000)
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
                .emit(.assistantHeard(text: "", turn: 1, complete: false)),
                .emit(.final(text: "at eight", turn: 2, audioMs: call.mediaMs - 736, confidence: nil)),
                .ask(
                    turn: 2,
                    [ConversationTurn(role: .caller, text: "Book a table"), ConversationTurn(role: .caller, text: "at eight")]
                ),
            ]
        )
        call.pass(ms: 5000)
        #expect(call.farEnd.played.isEmpty)
    }

    @Test func interruptionAfterTheLastWordFindsTheAnswerHeardWhole() {
        var call = MachineDriver()
        call.exchange(answer: "One two three.", ms: 990)
        // The last mark is on its way back.
        call.pass(ms: 999)
        call.nowMs += 50
        call.perform { $0.voice(probability: 1, audioMs: 100_000, nowMs: $1) }
        call.perform { $0.voice(probability: 1, audioMs: 100_032, nowMs: $1) }
        #expect(call.heard == [.assistantHeard(text: "One two three.", turn: 1, complete: true)])
    }
}
