/// The words of a caller's text, as far as their meaning for turn-taking goes: lower case, without punctuation.
///
/// Recognisers write the same words in many ways. "four one five", "4 1 5" and "415" are read as three digits, "ABC" as three spelled letters.
/// "$20", "10 a.m.", "7.30" and the number in "a table for 12" are read as an ``amount``, not as dictated digits.
struct SpokenWords: Sendable, Equatable {
    /// The words.
    let words: [String]
    /// Whether the recogniser wrote a question mark at the end.
    let isQuestion: Bool
    private let endsOpen: Bool

    /// Reads a text, with or without punctuation.
    init(_ text: String) {
        let trimmed = text.reversed().drop(while: \.isWhitespace)
        isQuestion = trimmed.first == "?"
        endsOpen = trimmed.first.map { ",:;-–—…".contains($0) } ?? false || trimmed.starts(with: "...")
        words = Self.words(of: text)
    }

    /// How many words at the end are digits or single letters that spell.
    var trailingDigits: Int { words.reversed().prefix { Self.isDigit($0) }.count }

    /// Whether there is nothing but digits.
    var isAllDigits: Bool { trailingDigits == words.count }

    /// Whether the last word is a price, a time or another quantity, which ends a sentence.
    var endsInAmount: Bool { words.last == Self.amount }

    /// Whether the words cannot be all that the caller means to say.
    var trailsOff: Bool { endsOpen || words.last.map(Self.open.contains) ?? false }

    /// Whether a word is a digit, a number below a hundred that callers dictate, or a letter.
    static func isDigit(_ word: String) -> Bool {
        digits.contains(word) || word.allSatisfy(\.isNumber) || (word.count == 1 && word != "a" && word != "i")
    }

    /// Whether the text ends in a loop: the recogniser repeats one digit that the caller said once.
    var endsInLoop: Bool {
        guard let last = words.last, Self.isDigit(last) else { return false }
        return words.reversed().prefix { $0 == last }.count >= Self.loop
    }

    /// This many equal digits in a row count as a loop.
    private static let loop = 6

    static let digits: Set<String> = [
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "forty",
        "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "double", "triple", "dash", "dot", "underscore", "slash",
    ]

    /// After these, one digit is the first of several.
    static let announcesNumber: Set<String> = [
        "is", "number", "it's", "its", "code", "zip", "postcode", "account", "card", "pin", "extension", "phone", "then", "and", "reference",
    ]

    /// Words that by themselves are a whole answer.
    static let closed: Set<String> = [
        "yes", "no", "yeah", "yep", "yup", "nope", "nah", "okay", "ok", "sure", "right", "correct", "exactly", "absolutely", "definitely", "thanks",
        "thank", "you", "please", "goodbye", "bye", "good", "stop", "cancel", "hello", "hi", "hey", "help", "repeat", "operator", "alright", "great",
        hum, "perfect", "fine", "wrong", "never", "mind", "that's", "all", "it", "not", "really", "very", "much", "sorry", "pardon", "what", "wait",
    ]

    /// Words that end a dictation.
    ///
    /// "bye" and "no" are left out, because recognisers write them for "five" and "nine".
    static let farewell: Set<String> = [
        "goodbye", "stop", "cancel", "help", "thanks", "thank", "you", "yes", "yeah", "operator", "sorry", "that's", "that", "is", "all", "it",
        "done",
        "okay", "ok", "right", "correct",
    ]

    /// Words after which more must come: conjunctions, prepositions, articles, possessives, auxiliaries, and fillers.
    static let open: Set<String> = [
        "and", "or", "but", "so", "because", "if", "that", "than", "then", "when", "while", "with", "without", "about", "for", "from", "to", "of",
        "in",
        "on", "at", "by", "into", "under", "a", "an", "the", "my", "your", "his", "her", "our", "their", "this", "is", "are", "am", "was", "were",
        "be",
        "i", "i'm", "i'd", "i'll", "i've", "it's", "we", "they", "he", "she", "would", "could", "can", "will", "should", "like", "want", "need",
        "have",
        "has", "do", "does", "uh", "um", "er", "erm", "hmm", "well", "let's", "number", "named", "called", "street", "between", "through",
    ]
}
