import Testing

@testable import Conversation

/// How much of an answer is made before it can be heard, and whose audio is whose.
struct CallMachineLookAheadTests {
    private static let sentence = "It is as it was and as it will be."

    /// A call in which the assistant has answered this many sentences at once.
    private func asked(sentences: Int) -> MachineDriver {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Tell me everything")
        call.answered(1, Array(repeating: Self.sentence, count: sentences).joined(separator: " "))
        return call
    }

    /// The voice makes every piece at once, 2 s long, while the answer is played; the most that lay ahead of the caller's ear, in ms.
    private func play(_ call: inout MachineDriver, ms: Int) -> Int {
        var mostMs = 0
        for _ in 0..<ms / 20 {
            while call.machine.exchange?.isSynthesizing == true, let turn = call.machine.exchange?.turn { call.spoken(turn, ms: 2000) }
            mostMs = max(mostMs, call.machine.playout.unheardMs(nowMs: call.nowMs))
            call.pass(ms: 20)
        }
        return mostMs
    }

    @Test(arguments: [true, false])
    func aLongAnswerIsMadeAsItIsHeardAndWithoutAGap(echoesMarks: Bool) {
        var call = asked(sentences: 90)
        call.echoesMarks = echoesMarks
        let mostMs = play(&call, ms: 60_000)
        #expect((10_000...12_020).contains(mostMs), "ten seconds and one piece, not \(mostMs) ms")
        #expect(call.synthesized.count < 40, "the rest waits as text")
        #expect(play(&call, ms: 125_000) <= 12_020)
        #expect(call.synthesized.count == 90)
        #expect(call.farEnd.longestSilenceMs == 0, "never a gap")
        #expect(call.farEnd.played.count == 90 * 2000 * 8)
        let whole = Array(repeating: Self.sentence, count: 90).joined(separator: " ")
        #expect(call.heard == [.assistantHeard(text: whole, turn: 1, complete: true)])
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func nothingIsMadeWhileTheAnswerIsPausedAndItGoesOnAfterwards() {
        var call = asked(sentences: 20)
        _ = play(&call, ms: 3000)
        let made = call.synthesized.count
        call.caller(speaks: true, ms: 192)
        #expect(call.machine.playout.isPaused)
        while call.machine.exchange?.isSynthesizing == true { call.spoken(1, ms: 2000) }
        call.pass(ms: 1000)
        #expect(call.synthesized.count <= made + 1, "no more than the piece in progress")
        call.caller(speaks: false, ms: 3008)
        call.transcribed(2, "")
        _ = play(&call, ms: 60_000)
        #expect(call.synthesized.count == 20)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func wordsThatWaitAsTextAreNotHeardAndNotMadeOnceTheCallerTakesTheTurn() {
        var call = asked(sentences: 90)
        _ = play(&call, ms: 5000)
        call.caller(speaks: true, ms: 960)
        call.caller(speaks: false, ms: 736)
        call.transcribed(2, "I would like something else")
        let made = call.synthesized.count
        guard case .assistantHeard(let text, 1, false)? = call.heard.first else {
            Issue.record("\(call.heard)")
            return
        }
        #expect(text.split(separator: ".").count <= 4)
        call.pass(ms: 10_000)
        #expect(call.synthesized.count == made)
        #expect(call.rules.faults.isEmpty, "\(call.rules.faults)")
    }

    @Test func aSentenceWithoutAnEndIsMadeInPartsOfSomeSeconds() {
        for text in [String(repeating: "x", count: 5000), Array(repeating: "word", count: 1000).joined(separator: " ")] {
            #expect(Exchange.spokenPieces(of: text).allSatisfy { $0.count <= SpeechPiece.longestSpoken })
        }
        let numbers = Array(repeating: "1,234,567", count: 200).joined(separator: " ")
        let pieces = Exchange.spokenPieces(of: numbers)
        #expect(pieces.count > 20 && pieces.allSatisfy { $0.count <= SpeechPiece.longestSpoken }, "\(pieces.map(\.count))")
    }

    @Test func aSentenceThatIsTooLongIsCutBetweenItsClauses() {
        let clause = Array(repeating: "word", count: 25).joined(separator: " ")
        #expect(Exchange.spokenPieces(of: "Well. \(clause), \(clause) and so on.") == ["Well.", "\(clause),", "\(clause) and so on."])
    }

    @Test func lateAudioOfAPieceThatWasGivenUpIsNotTakenForTheNext() {
        var call = MachineDriver { $0.silence.speechLimitMs = 2000 }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "One two three. Four five six.")
        call.pass(ms: 2000)
        #expect(call.cancelledRequests == [2])
        #expect(call.synthesized == ["One two three.", "Four five six."])
        call.perform { $0.speech(piece: 2, SpeechChunk(samples: [Int16](repeating: 77, count: 8000)), nowMs: $1) }
        call.perform { $0.spoken(piece: 2, nowMs: $1) }
        call.perform { $0.spoken(piece: 2, failure: "cancelled", nowMs: $1) }
        #expect(call.sentAudio == 0)
        call.spoken(1, ms: 1000)
        call.pass(ms: 1500)
        #expect(call.heard == [.assistantHeard(text: "Four five six.", turn: 1, complete: false)])
        #expect(call.farEnd.played.count == 8000)
    }

    @Test func lateWordsOfAnOlderRoundAreNotTakenForTheNext() {
        var call = MachineDriver { $0.tools = ["find": ToolPlan(.service)] }
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        let first = call.asks[1] ?? 0
        call.toolRequested(turn: 1, ToolCall(id: "a1", name: "find", arguments: "{}"))
        call.answered(turn: 1)
        call.perform { $0.toolFinished("a1", ToolOutcome(.done, "found"), nowMs: $1) }
        #expect(call.asks[1] != first)
        let late = call.actions.count
        call.perform { $0.token(ask: first, "Something old. ", nowMs: $1) }
        call.perform { $0.answered(ask: first, failure: "cancelled", nowMs: $1) }
        call.perform { $0.toolRequested(ask: first, ToolCall(id: "a2", name: "find", arguments: "{}"), nowMs: $1) }
        #expect(call.actions.count == late)
        call.answered(1, "Here it is.")
        #expect(call.events.contains(.assistantText(text: "Here it is.", turn: 1)))
    }
}
