import Testing

@testable import Engines

@Suite struct SpeakableTextTests {
    @Test func eachSentenceIsAPiece() {
        let pieces = SpeakableText("Hello, Ann.  How are you? Fine").pieces
        #expect(pieces.map(\.text) == ["Hello, Ann.", "How are you?", "Fine"])
        #expect(pieces.map(\.wordIndices) == [[0, 1], [2, 3, 4], [5]])
    }

    @Test func signsAreTypedAndMarksTakenOff() {
        #expect(SpeakableText("It’s naïve\u{7} — “très” ﬁne").pieces.map(\.text) == ["It's naive tres fine"])
    }

    @Test func endlessSentencesAreCutBetweenWords() {
        let pieces = SpeakableText(String(repeating: "and so on ", count: 60)).pieces
        #expect(pieces.count > 1)
        #expect(pieces.allSatisfy { $0.text.count <= SpeakableText.longestPiece && !$0.text.hasPrefix(" ") })
        #expect(pieces.flatMap(\.wordIndices) == Array(0..<180))
    }

    @Test func tooLongATextEndsAfterAWholeSentence() {
        let text = SpeakableText(String(repeating: "Four words are here. ", count: 300))
        #expect(text.pieces.allSatisfy { $0.text == "Four words are here." })
        #expect((80...100).contains(text.pieces.count))
    }

    @Test func tooLongASentenceEndsAfterAWholeWord() {
        let text = SpeakableText(String(repeating: "word ", count: 3_000))
        #expect(text.pieces.map(\.text.count).reduce(0, +) <= SpeakableText.longestText)
        #expect(text.pieces.flatMap(\.wordIndices).count > 350)
    }

    @Test func endlessWordsAreCutOff() {
        #expect(SpeakableText(String(repeating: "a", count: 5_000)).pieces.map(\.text.count) == [SpeakableText.longestWord])
    }
}
