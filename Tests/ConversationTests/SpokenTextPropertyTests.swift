import TestSupport
import Testing

@testable import Conversation

/// What holds for any text, however strange.
@Suite struct SpokenTextPropertyTests {
    private static let parts: [String] = [
        "hello", "World", "3.5", "12", "$", "€5", "%", " ", " ", " ", "\n", "\r\n", "\t", "**", "*", "_", "`", "```", "[", "](", ")", "(", "<", ">",
        "<b>", "#", "# ",
        "- ", "1. ", "|", "---", ".", ",", "?", "!", "...", "-", "–", "—", "/", "\\", "&amp;", "&", "@", "+", "=", "https://", "www.", ".com",
        "a@b.co", ":", "7:30",
        "pm", "km", "°C", "½", "²", "⑫", "٣", "５", "😀", "👩‍👩‍👧‍👦", "5️⃣", "🇩🇪", "e\u{301}", "\u{301}", "7\u{301}", "\u{200D}", "\u{FE0F}", "\u{600}",
        "\u{FF9E}",
        "\u{0}", "\u{7F}", "\u{A0}", "\u{2028}", "你好", "مرحبا", "Dr.", "St.", "No.", "e.g.", "99999999999999999999999", "2026-11-24", "+1 415",
        "\u{1F3FD}", "'", "\"", "’",
    ]

    private func check(_ original: String, _ location: SourceLocation = #_sourceLocation) {
        let spoken = SpokenText(original)
        let words = spoken.text.split(whereSeparator: \.isWhitespace)
        let written = original.split(whereSeparator: \.isWhitespace)
        #expect(words.count == spoken.sources.count, sourceLocation: location)
        #expect(words.joined(separator: " ") == spoken.text, sourceLocation: location)
        #expect(zip(spoken.sources, spoken.sources.dropFirst()).allSatisfy { $0 <= $1 }, sourceLocation: location)
        #expect(spoken.sources.allSatisfy { written.indices.contains($0) }, sourceLocation: location)
        #expect(!spoken.text.utf8.contains { (0x30...0x39).contains($0) }, sourceLocation: location)
        #expect(words.allSatisfy { $0.contains(where: \.isLetter) }, sourceLocation: location)
    }

    @Test(arguments: 0..<400)
    func anyTextBecomesWordsThatKnowTheirPlace(seed: Int) {
        var random = SeededRandom(seed: seed)
        check((0..<Int.random(in: 1...150, using: &random)).map { _ in Self.parts.randomElement(using: &random) ?? "" }.joined())
    }

    @Test(arguments: 0..<100)
    func anyCharactersBecomeWordsThatKnowTheirPlace(seed: Int) {
        var random = SeededRandom(seed: seed)
        var text = String.UnicodeScalarView()
        for _ in 0..<300 {
            let limit: UInt32 = [0x80, 0x3000, 0x1_FFFF].randomElement(using: &random) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) { text.append(scalar) }
        }
        check(String(text))
    }

    @Test(arguments: 0..<200)
    func plainWordsAllSurviveInOrder(seed: Int) {
        var random = SeededRandom(seed: seed)
        let plain = ["apple", "river", "Stone", "don't", "blue", "quickly", "Übung"]
        let marks = [
            "**", "*", "- ", "# ", "|", "😀", "`", "[", "]", "> ", "~~", "1. ", "\n", "\n\n", "---", "<", "&", "$5", ", ", "<i>", "</i>", "(", ")",
            "\\",
        ]
        var words: [String] = []
        var text = ""
        for _ in 0..<60 {
            let word = plain.randomElement(using: &random) ?? "apple"
            words.append(word)
            let mark = random.once(in: 2) ? marks.randomElement(using: &random) ?? "" : ""
            text += random.once(in: 2) ? "\(mark)\(word) " : "\(word)\(mark) "
        }
        var expected = words[...]
        for said in SpokenText(text).text.split(separator: " ") {
            let bare = said.filter { $0.isLetter || $0 == "'" }
            if bare == expected.first ?? "" { expected = expected.dropFirst() }
        }
        #expect(expected.isEmpty, "\(expected.first ?? "") is lost of: \(text)")
    }

    /// Each of these would take a minute and more if any rule looked at the rest of the text at every step.
    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            "1,", "1.", "1-", "+1", "a ", "**a", "_a", "``a` ", "[a](", "](", "<a ", "&amp", "|", ")", "\u{600}", "\n", "> ", "$1 ", "1/", "a@", "a.",
            "https://",
            "1:", "%", "No. 1 ", "1 ", "![",
        ]
    )
    func longTextTakesNoLongerThanItsLength(part: String) {
        check(String(repeating: part, count: 30_000 / part.count))
    }

    @Test func longTextOfEveryKindBecomesWords() {
        var random = SeededRandom(seed: 1)
        var text = ""
        while text.utf8.count < 50_000 { text += Self.parts.randomElement(using: &random) ?? "" }
        check(text)
        check(text.filter { !$0.isNewline })
    }
}
