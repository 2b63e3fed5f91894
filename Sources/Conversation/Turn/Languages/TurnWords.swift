/// The words of a language that tell whether a caller's turn is over, and what a sound over the agent's answer means.
///
/// The lists of a language are data, such as `TurnWords+German.swift`. Callers of a language without lists are judged by silence alone.
final class TurnWords: Sendable {
    /// Numbers and signs that callers dictate.
    let digits: Set<String>
    /// Words within a number: "y" in "treinta y tres".
    let joiners: Set<String>
    /// Words of one letter, which spell nothing.
    let letterWords: Set<String>
    /// After these, one digit is the first of several.
    let announcing: Set<String>
    /// Behind digits, in the same token: "10am".
    let suffixes: Set<String>
    /// Behind a number, in the next token: "12 people".
    let units: Set<String>
    /// Before three or four digits that are a time or a year.
    let moments: Set<String>

    /// Words that by themselves are a whole answer.
    let closed: Set<String>
    /// Words that end a dictation, but for those that recognisers write for a digit.
    let farewell: Set<String>
    /// Words after which more must come: conjunctions, prepositions, articles, possessives, auxiliaries, and fillers.
    let open: Set<String>

    /// Words that want the agent to stop, or begin a sentence of the caller's own.
    let decisive: Set<String>
    /// Words that say no more than that somebody listens, or agrees.
    let listening: Set<String>
    /// What a listener says that begins like a sentence.
    let phrases: Set<String>
    /// Pairs of these and ``persons`` begin a request: "can you".
    let openers: Set<String>
    let persons: Set<String>

    /// Reads lists of words parted by white space; `phrases` are parted by commas.
    init(
        digits: String,
        joiners: String = "",
        letterWords: String = "",
        announcing: String,
        suffixes: String,
        units: String,
        moments: String,
        closed: String,
        farewell: String,
        open: String,
        decisive: String,
        listening: String,
        phrases: String,
        openers: String,
        persons: String
    ) {
        func words(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }
        self.digits = words(digits)
        self.joiners = words(joiners)
        self.letterWords = words(letterWords)
        self.announcing = words(announcing)
        self.suffixes = words(suffixes)
        self.units = words(units)
        self.moments = words(moments)
        self.closed = words(closed).union([Self.hum])
        self.farewell = words(farewell)
        self.open = words(open)
        self.decisive = words(decisive)
        self.listening = words(listening).union([Self.hum, "hm", "hmm", "ah", "oh", "aha"])
        self.phrases = Set(phrases.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") })
        self.openers = words(openers)
        self.persons = words(persons)
    }

    /// Stands for every spelling of a hum such as "mm-hmm".
    static let hum = "mhm"

    private static let all: [String: TurnWords] = [
        "de": .german, "en": .english, "es": .spanish, "fr": .french, "it": .italian, "pt": .portuguese,
    ]

    /// The lists of a language (ISO 639-1), English where none is named; nil for a language without lists.
    static func of(_ language: String?) -> TurnWords? { all[language ?? "en"] }

    /// Whether a word is a digit, a number that callers dictate, or a letter.
    func isDigit(_ word: String) -> Bool {
        digits.contains(word) || word.allSatisfy(\.isNumber) || (word.count == 1 && !letterWords.contains(word))
    }

    /// Whether a word in capitals is a word all the same, and spells nothing.
    func isWord(_ word: String) -> Bool { closed.contains(word) || open.contains(word) || Self.acronyms.contains(word) }

    private static let acronyms: Set<String> = [
        "tv", "usa", "uk", "us", "eu", "id", "pdf", "usb", "gps", "sms", "dvd", "asap", "rsvp", "faq", "atm", "dhl", "lkw", "pkw", "iban", "bic",
    ]
}

extension EndpointRule {
    /// Whether there are word lists for a language (ISO 639-1); without, turns end after the usual silence.
    package static func hasWords(of language: String) -> Bool { TurnWords.of(language) != nil }
}
