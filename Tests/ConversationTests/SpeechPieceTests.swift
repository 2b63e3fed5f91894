import TestSupport
import Testing

@testable import Conversation

@Suite struct SpeechPieceTests {
    /// All pieces of a text that comes in these tokens.
    private func pieces(_ tokens: [String], isFirst: Bool = false) -> [String] {
        var text = ""
        var pieces: [String] = []
        for token in tokens {
            text += token
            while let piece = SpeechPiece.take(from: &text, isLast: false, isFirst: isFirst && pieces.isEmpty) { pieces.append(piece) }
        }
        while let piece = SpeechPiece.take(from: &text, isLast: true, isFirst: isFirst && pieces.isEmpty) { pieces.append(piece) }
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

    @Test(arguments: [
        "Dr. Smith and Mr. J. R. Jones are here.", "Take fruit, e.g. an apple.", "This is No. 5 of ten.", "It opens at 7 p.m. on weekdays.",
        "The U.S. team won.",
        "Tea, coffee, etc. are free.", "See p. 12 of it.", "Cats vs. dogs, approx. five.", "It is at 12 Main St. in town.",
        "Read https://example.com/a.b?c!d now.",
        "Wait (i.e. stay).",
    ])
    func abbreviationsAndAddressesAreNoEnds(text: String) {
        #expect(pieces([text]) == [text])
        #expect(pieces(text.map(String.init)) == [text])
    }

    @Test(arguments: [
        ("I said no. Then I left.", ["I said no.", "Then I left."]), ("It opens at 7 p.m. Come early.", ["It opens at 7 p.m.", "Come early."]),
        ("So do I. Good.", ["So do I.", "Good."]), ("He said \"stop.\" Then he left.", ["He said \"stop.\"", "Then he left."]),
        ("(It is done.) Next one.", ["(It is done.)", "Next one."]), ("It has 3. Fine.", ["It has 3.", "Fine."]),
        ("Tea, etc. Coffee too.", ["Tea, etc.", "Coffee too."]), ("Visit our sales rep. She knows.", ["Visit our sales rep.", "She knows."]),
    ])
    func sentencesMayEndWithQuotesNumbersAndAbbreviations(text: String, cut: [String]) {
        #expect(pieces([text]) == cut)
        #expect(pieces(text.map(String.init)) == cut)
    }

    @Test(arguments: [
        ("Do this:\n1. Open it\n2. Read it. Twice\n\nDone", ["Do this:", "1. Open it", "2. Read it.", "Twice", "Done"]),
        ("# Title\nText goes\non here", ["# Title", "Text goes\non here"]), ("- milk\n- eggs\n", ["- milk", "- eggs"]),
        ("One\n\nTwo", ["One", "Two"]), ("| a | b |\n|---|---|\n| c | d |", ["| a | b |", "|---|---|", "| c | d |"]),
        ("Text\n- item", ["Text", "- item"]),
    ])
    func blocksEndWithTheirLines(text: String, cut: [String]) {
        #expect(pieces([text]) == cut)
        #expect(pieces(text.map(String.init)) == cut)
    }

    @Test(arguments: [
        "**Bold. Still bold** and on", "*Soft. Still soft* and on", "See [the. page](https://example.com \"A title. Yes\") and on",
        "Type `a. b` and on",
        "```swift\nlet a. b\n\n- c\n```", "Read <a href=\"x. y\">it</a> and on", "__Both. And__ on",
    ])
    func markupIsNotCutWhileItIsOpen(text: String) {
        #expect(pieces([text]) == [text])
        #expect(pieces(text.map(String.init)) == [text])
    }

    @Test(arguments: [
        ("**Bold.** Next", ["**Bold.**", "Next"]), ("2 * 3 is six. Next", ["2 * 3 is six.", "Next"]), ("It is 2*3. Next", ["It is 2*3.", "Next"]),
        ("A snake_case name. Next", ["A snake_case name.", "Next"]), ("If 2 < 3. Next", ["If 2 < 3.", "Next"]),
        ("[Page](http://a.b). Next", ["[Page](http://a.b).", "Next"]),
        ("- **open\n- next. One", ["- **open", "- next.", "One"]),
    ])
    func closedMarkupAndLoneSignsDoNotHoldASentenceBack(text: String, cut: [String]) {
        #expect(pieces([text]) == cut)
        #expect(pieces(text.map(String.init)) == cut)
    }

    @Test(arguments: [
        ("Let me look that up for you, it takes a moment. Yes.", ["Let me look that up for you,", "it takes a moment.", "Yes."]),
        ("Well, I can certainly help you with that, of course.", ["Well, I can certainly help you with that,", "of course."]),
        ("The opening hours are as follows: nine to five.", ["The opening hours are as follows:", "nine to five."]),
        ("I would rather say that it is — well — fine.", ["I would rather say that it is —", "well — fine."]),
        ("Yes, sure, no, well.", ["Yes, sure, no, well."]),
        ("Incomprehensibilities, however, are many.", ["Incomprehensibilities, however, are many."]),
        ("It is **really all of it, quite simple** to do.", ["It is **really all of it, quite simple** to do."]),
        ("It was shipped on November 24, 2026 in the morning.", ["It was shipped on November 24, 2026 in the morning."]),
        ("There are at the moment 24, as far as I know.", ["There are at the moment 24,", "as far as I know."]),
        ("That will be 12,500 and 7:30 at the latest.", ["That will be 12,500 and 7:30 at the latest."]),
    ])
    func firstPieceMayBeAClause(text: String, cut: [String]) {
        #expect(pieces([text], isFirst: true) == cut)
        #expect(pieces(text.map(String.init), isFirst: true) == cut)
    }

    @Test func laterPiecesAreWholeSentences() {
        let text = "Let me look that up for you, it takes a moment."
        #expect(pieces([text]) == [text])
    }

    @Test func overlongSentenceIsCutAtASpace() {
        let text = Array(repeating: "word", count: 200).joined(separator: " ")
        let cut = pieces([text])
        #expect(cut.count > 1)
        #expect(cut.allSatisfy { $0.count <= SpeechPiece.longest })
        #expect(cut.joined(separator: " ") == text)
    }

    @Test func overlongSentenceIsCutBeforeMarkupRatherThanInIt() {
        let before = Array(repeating: "word", count: 35).joined(separator: " ")
        let marked = "**" + Array(repeating: "bold", count: 30).joined(separator: " ") + "**"
        #expect(pieces(["\(before) \(marked) end."]) == [before, "\(marked) end."])
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
        let parts = [
            "Hello", " ", ". ", "!", "? ", "a", "\n", "3.5", "  ", "wörld 🌍", "...", " and so on ", "**", "`", "[", "](", ")", "\n- ", "\n1. ", "# ",
            "Dr. ", ", ",
            "<b", "_", "\n```\n", "\r\n",
        ]
        let tokens = (0..<150).map { _ in parts.randomElement(using: &random) ?? "" }
        let isFirst = random.once(in: 2)
        let cut = pieces(tokens, isFirst: isFirst)
        #expect(cut.allSatisfy { !$0.isEmpty && $0.count <= SpeechPiece.longest })
        #expect(
            cut.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined()
                == tokens.joined().split(whereSeparator: \.isWhitespace).joined()
        )
    }

    @Test(.timeLimit(.minutes(10)), arguments: ["word ", "x", "**a ", "[a](", "`", "- a\n", "\n", "Dr. ", "1. ", ")"])
    func longTextIsCutInTimeInProportionToItsLength(part: String) {
        let text = String(repeating: part, count: 100_000 / part.count)
        let cut = pieces([text])
        #expect(cut.joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
    }
}
