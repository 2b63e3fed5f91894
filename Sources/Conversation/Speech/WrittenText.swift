/// The words of a text without its markup, gathered character by character.
///
/// Only what a voice can do something with is taken in: letters, digits 0 to 9, marks and the signs that have a name. Digits of other scripts
/// become 0 to 9; emoji and ornaments part words and are gone.
struct WrittenText: Sendable {
    /// The words that are complete.
    private(set) var words: [WrittenWord] = []
    private var current: [Character] = []
    private var place = 0

    /// Signs, as Unicode classes them, that ``SpokenSymbol`` has a name for.
    private static let named: Set<Character> = ["°", "©", "×", "÷", "±", "≈", "≤", "≥", "≠", "→", "∞", "√", "№", "‰"]

    /// Adds a character of the original's word at `place`.
    mutating func append(_ character: Character, place: Int) {
        if place != self.place { endWord() }
        self.place = place
        if character.isASCII {
            if let value = character.asciiValue, (0x21...0x7E).contains(value) { current.append(character) }
            return
        }
        appendForeign(character)
    }

    /// Ends the word; what follows is another one.
    mutating func endWord() {
        if !current.isEmpty { words.append(WrittenWord(current, place: place)) }
        current = []
    }

    /// Ends the word with a rest.
    mutating func pause(_ pause: WrittenWord.Pause) {
        endWord()
        guard let last = words.indices.last, words[last].pause != .long else { return }
        words[last].pause = pause
    }

    private mutating func appendForeign(_ character: Character) {
        let scalars = character.unicodeScalars
        let digits = scalars.filter { $0.properties.numericType == .decimal }
        guard digits.isEmpty else {
            for digit in digits { current.append(contentsOf: String(Int(digit.properties.numericValue ?? 0))) }
            return
        }
        // Signs of direction and of joining can stand at the head of a character.
        let rest = scalars.drop { $0.properties.generalCategory == .format }
        guard rest.startIndex == scalars.startIndex else {
            for character in String(String.UnicodeScalarView(rest)) { append(character, place: place) }
            return
        }
        guard let first = scalars.first else { return }
        if scalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return endWord() }
        append(character, headedBy: first.properties)
    }

    private mutating func append(_ character: Character, headedBy properties: Unicode.Scalar.Properties) {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            current.append(character)
        case .otherNumber where "²³".contains(character):
            current.append(character)
        case .otherNumber:
            appendNumber(properties.numericValue ?? 0)
        case .dashPunctuation:
            current.append("–—".contains(character) ? character : "-")
        case .otherPunctuation, .initialPunctuation, .finalPunctuation, .openPunctuation, .closePunctuation, .currencySymbol:
            current.append(character)
        case .mathSymbol where character == "−":
            current.append("-")
        case .mathSymbol, .otherSymbol, .modifierSymbol, .connectorPunctuation:
            if Self.named.contains(character) { current.append(character) } else { endWord() }
        case .nonspacingMark, .spacingMark, .enclosingMark, .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
            .lineSeparator, .paragraphSeparator, .decimalNumber:
            return
        @unknown default:
            return
        }
    }

    /// A number that is one character: "½" as a word of its own, "⑫" as its digits.
    private mutating func appendNumber(_ value: Double) {
        if let whole = Int(exactly: value), (0...1_000_000).contains(whole) { return current.append(contentsOf: String(whole)) }
        for below in 2...12 {
            guard let above = Int(exactly: (value * Double(below) * 1000).rounded() / 1000), above > 0 else { continue }
            endWord()
            current.append(contentsOf: "\(above)/\(below)")
            return endWord()
        }
    }
}
