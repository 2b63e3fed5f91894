import TestSupport
import Testing

@testable import Conversation

struct SpeechPieceTests {
    /// All pieces of a text that comes in these tokens.
    private func pieces(_ tokens: [String]) -> [String] {
        var text = ""
        var pieces: [String] = []
        for token in tokens {
            text += token
            while let piece = SpeechPiece.take(from: &text, isLast: false) { pieces.append(piece) }
        }
        while let piece = SpeechPiece.take(from: &text, isLast: true) { pieces.append(piece) }
        return pieces
    }

    @Test func sentencesAreCutAtTheirMarks() {
        #expect(pieces(["One. Two! Three? Four"]) == ["One.", "Two!", "Three?", "Four"])
    }

    @Test func markWithoutSpaceAfterItIsNoEnd() {
        #expect(pieces(["It costs 3.50 at example.com now."]) == ["It costs 3.50 at example.com now."])
    }

    @Test func sentenceIsReadyAsSoonAsTheNextBegins() {
        var text = "Hello there."
        let piece1 = SpeechPiece.take(from: &text, isLast: false)
        #expect(piece1 == nil)
        text += " How"
        let piece2 = SpeechPiece.take(from: &text, isLast: false)
        #expect(piece2 == "Hello there.")
        #expect(text == " How")
    }

    @Test(arguments: ["", " ", "\n\n", "   \t "])
    func nothingButSpaceGivesNoPiece(text: String) {
        #expect(pieces([text]).isEmpty)
    }

    @Test func overlongSentenceIsCutAtASpace() {
        let text = Array(repeating: "word", count: 200).joined(separator: " ")
        let cut = pieces([text])
        #expect(cut.count > 1)
        #expect(cut.allSatisfy { $0.count <= SpeechPiece.longest })
        #expect(cut.joined(separator: " ") == text)
    }

    @Test func textWithoutAnySpaceIsCutAllTheSame() {
        let text = String(repeating: "x", count: 1000)
        let cut = pieces([text])
        #expect(cut.allSatisfy { $0.count <= SpeechPiece.longest })
        #expect(cut.joined() == text)
    }

    @Test(arguments: 0..<200)
    func noWordIsLostHoweverTheTextArrives(seed: Int) {
        var random = SeededRandom(seed: seed)
        let parts = ["Hello", " ", ". ", "!", "? ", "a", "\n", "3.5", "  ", "wörld 🌍", "...", " and so on "]
        let tokens = (0..<150).map { _ in parts.randomElement(using: &random) ?? "" }
        let cut = pieces(tokens)
        #expect(cut.allSatisfy { !$0.isEmpty && $0.count <= SpeechPiece.longest })
        #expect(cut.joined().filter { !$0.isWhitespace } == tokens.joined().filter { !$0.isWhitespace })
    }
}
