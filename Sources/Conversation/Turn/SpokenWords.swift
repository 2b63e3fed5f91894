/// The words of a caller's text, as far as their meaning for turn-taking goes: lower case, without punctuation.
///
/// Recognisers write the same words in many ways. "four one five", "4 1 5" and "415" are read as three digits, "ABC" as three spelled letters.
/// "$20", "10 a.m.", "7.30" and the number in "a table for 12" are read as an ``amount``, not as dictated digits.
struct SpokenWords: Sendable {
    /// The words.
    let words: [String]
    /// Whether the recogniser wrote a question mark at the end.
    let isQuestion: Bool
    /// Whether it wrote a mark there that ends a sentence.
    let isEnded: Bool
    /// The words that have a meaning.
    let language: TurnWords
    private let endsOpen: Bool

    /// Reads a text, with or without punctuation.
    init(_ text: String, in language: TurnWords) {
        let trimmed = text.reversed().drop(while: \.isWhitespace)
        isQuestion = trimmed.first == "?"
        endsOpen = trimmed.first.map { ",:;-–—…".contains($0) } ?? false || trimmed.starts(with: "...")
        isEnded = trimmed.first.map { ".?!".contains($0) } ?? false
        self.language = language
        words = WordReader(language: language).words(of: text)
    }

    /// How many words at the end are digits or single letters that spell.
    var trailingDigits: Int { words.reversed().prefix { language.isDigit($0) }.count }

    /// How many words are digits or single letters that spell.
    var digits: Int { words.count(where: language.isDigit) }

    /// Whether there is nothing but digits.
    var isAllDigits: Bool { trailingDigits == words.count }

    /// Whether the last word is a price, a time or another quantity, which ends a sentence.
    var endsInAmount: Bool { words.last == Self.amount }

    /// Whether the words cannot be all that the caller means to say.
    var trailsOff: Bool { endsOpen || words.last.map(language.open.contains) ?? false }

    /// Whether the words are a whole answer.
    var isClosed: Bool { words.allSatisfy(language.closed.contains) }

    /// Whether the words end a dictation.
    var isFarewell: Bool { words.allSatisfy(language.farewell.contains) }

    /// Whether the last word is a digit that the one before it announces: "my number is four".
    var endsInAnnouncedDigit: Bool {
        trailingDigits == 1 && words.dropLast().last.map(language.announcing.contains) ?? false
    }

    /// Whether the text ends in a loop: the recogniser repeats one digit that the caller said once.
    var endsInLoop: Bool {
        guard let last = words.last, language.isDigit(last) else { return false }
        return words.reversed().prefix { $0 == last }.count >= Self.loop
    }

    /// Stands for a number that is a quantity, a price, a time or a date.
    static let amount = "#amount"
    /// This many equal digits in a row count as a loop.
    private static let loop = 6
}
