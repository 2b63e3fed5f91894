import Testing

@testable import Conversation

struct ExchangeTests {
    /// An answer spoken in chunks of 100 ms, each sentence this many ms long.
    private func exchange(_ text: String, pieceMs: Int, words: Bool = false, isComplete: Bool = true) -> Exchange {
        var exchange = Exchange(turn: 1, ledger: TurnLedger())
        exchange.append(text)
        exchange.completeText()
        while let piece = exchange.nextPiece() {
            let count = piece.split(separator: " ").count
            let timings = (0..<count).map { WordTiming(index: $0, endMs: pieceMs * ($0 + 1) / count) }
            exchange.append(SpeechChunk(samples: [Int16](repeating: 0, count: pieceMs * 8), words: words ? timings : []))
            guard isComplete else { break }
            exchange.completePiece(isBroken: false)
        }
        return exchange
    }

    @Test(arguments: [false, true])
    func heardTextGrowsWordByWordToTheWholeAnswer(words: Bool) {
        let text = "Your table is booked. We look forward to seeing you at eight!"
        let exchange = exchange(text, pieceMs: 1500, words: words)
        var last = ""
        for playedMs in 0...3000 {
            let heard = exchange.heardText(playedMs: playedMs)
            #expect(text.hasPrefix(heard))
            #expect(heard.count >= last.count)
            last = heard
        }
        #expect(last == text)
        #expect(exchange.heardText(playedMs: 0).isEmpty)
        #expect(exchange.heardText(playedMs: .max) == text)
        #expect(exchange.isHeardWhole(playedMs: 3000))
        #expect(!exchange.isHeardWhole(playedMs: 2999))
    }

    @Test func wordTimingsDecideToWithinHalfAWord() {
        let exchange = exchange("one two three four", pieceMs: 2000, words: true)
        #expect(exchange.heardText(playedMs: 200).isEmpty)
        #expect(exchange.heardText(playedMs: 300) == "one")
        #expect(exchange.heardText(playedMs: 700) == "one")
        #expect(exchange.heardText(playedMs: 1300) == "one two three")
    }

    @Test func wordsAreNotHeardBeforeTheVoiceHasMadeThem() {
        let exchange = exchange("This sentence takes a good three seconds to be said aloud in full.", pieceMs: 100, isComplete: false)
        #expect(exchange.heardText(playedMs: 100).isEmpty)
        #expect(exchange.heardText(playedMs: .max).isEmpty)
    }

    @Test func oddChunksDoNotShiftLaterSentences() {
        var exchange = Exchange(turn: 1, ledger: TurnLedger())
        exchange.append("First sentence. Second.")
        exchange.completeText()
        while exchange.nextPiece() != nil {
            for _ in 0..<1000 { exchange.append(SpeechChunk(samples: [Int16](repeating: 0, count: 15))) }
            exchange.completePiece(isBroken: false)
        }
        #expect(exchange.heardText(playedMs: 1875) == "First sentence.")
        #expect(!exchange.isHeardWhole(playedMs: 3749))
        #expect(exchange.isHeardWhole(playedMs: 3750))
    }

    @Test func sentenceWithoutSoundIsNotHeard() {
        var exchange = Exchange(turn: 1, ledger: TurnLedger())
        exchange.append("Hello. *** ")
        exchange.completeText()
        let piece1 = exchange.nextPiece()
        #expect(piece1 == "Hello.")
        exchange.append(SpeechChunk(samples: [Int16](repeating: 0, count: 4000)))
        exchange.completePiece(isBroken: false)
        let piece2 = exchange.nextPiece()
        #expect(piece2 == nil, "there is nothing to say")
        #expect(exchange.isFullySynthesized)
        #expect(exchange.heardText(playedMs: .max) == "Hello.")
        #expect(exchange.isHeardWhole(playedMs: 500))
    }

    @Test func brokenSentenceIsHeardAsFarAsItsSoundGoes() {
        var exchange = Exchange(turn: 1, ledger: TurnLedger())
        exchange.append("one two three four five six seven eight")
        exchange.completeText()
        _ = exchange.nextPiece()
        exchange.append(SpeechChunk(samples: [Int16](repeating: 0, count: 500 * 8)))
        exchange.completePiece(isBroken: true)
        #expect(exchange.heardText(playedMs: .max) == "one two")
        #expect(!exchange.isHeardWhole(playedMs: .max))
    }

    @Test func oneSentenceIsSynthesizedAtATime() {
        var exchange = Exchange(turn: 1, ledger: TurnLedger())
        exchange.append("One. Two. Thr")
        let piece3 = exchange.nextPiece()
        #expect(piece3 == "One.")
        let piece4 = exchange.nextPiece()
        #expect(piece4 == nil)
        exchange.completePiece(isBroken: false)
        let piece5 = exchange.nextPiece()
        #expect(piece5 == "Two.")
        exchange.completePiece(isBroken: false)
        let piece6 = exchange.nextPiece()
        #expect(piece6 == nil)
        #expect(!exchange.isFullySynthesized)
        exchange.append("ee")
        exchange.completeText()
        let piece7 = exchange.nextPiece()
        #expect(piece7 == "Three")
        exchange.completePiece(isBroken: false)
        #expect(exchange.isFullySynthesized)
    }
}
