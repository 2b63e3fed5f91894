import Conversation
import Foundation

/// A text made safe for flite, which knows ASCII only, and cut into pieces of bounded length.
///
/// Letters beyond ASCII are written in it: `Łódź` as `Lodz`, `straße` as `strasse`. A word in another script is transliterated if most of the text
/// is in Latin letters: a name said with an accent is better than none, and better than an apology. A text that is mostly in another script
/// cannot be said. Each piece remembers which words of the text it holds, words being counted as separated by white space.
struct SpeakableText: Equatable {
    /// The longest text that is spoken, in characters; the rest is left out after the last whole sentence.
    static let longestText = 2_000
    /// The longest piece, in characters; it is made in one go before its first sound, so shorter pieces begin sooner.
    static let longestPiece = 300
    /// Longer words are cut off: nobody says them, and the time they take grows faster than their length.
    static let longestWord = 60

    /// Words that are synthesised together.
    struct Piece: Equatable {
        /// The words as flite gets them, single spaces between.
        var text: String
        /// The place in the text of each word.
        var wordIndices: [Int]
    }

    /// The pieces, in order; none if there is nothing to say.
    private(set) var pieces: [Piece] = []

    /// Whether there is anything to say: a letter or a digit, but not one in an emoji such as 🅱.
    static func hasWords(_ text: some StringProtocol) -> Bool {
        text.contains { ($0.isLetter || $0.isNumber) && !(0x1F100...0x1FAFF).contains($0.unicodeScalars.first?.value ?? 0) }
    }

    /// Prepares a text.
    ///
    /// - Throws: ``EngineError`` with `invalid` if it has words that cannot be said.
    init(_ text: String) throws(EngineError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        try Self.checkScript(of: words)
        var total = 0
        var current = Piece(text: "", wordIndices: [])
        for (index, word) in words.enumerated() where Self.hasWords(word) {
            let spoken = SpokenWord.ascii(word, longest: Self.longestWord)
            guard Self.hasWords(spoken) else { throw Self.unsayable(word) }
            total += spoken.count + 1
            if total > Self.longestText { break }
            if current.text.count + spoken.count >= Self.longestPiece { finish(&current) }
            current.text += current.text.isEmpty ? spoken : " \(spoken)"
            current.wordIndices.append(index)
            if Self.endsSentence(word) { finish(&current) }
        }
        if total > Self.longestText, !pieces.isEmpty {
            // The text was too long: what follows the last whole sentence is left out.
            if current.wordIndices.isEmpty || pieces.contains(where: { Self.endsSentence($0.text[...]) }) { return }
        }
        finish(&current)
    }

    private mutating func finish(_ piece: inout Piece) {
        if !piece.wordIndices.isEmpty { pieces.append(piece) }
        piece = Piece(text: "", wordIndices: [])
    }

    /// Refuses a text that has more words in other scripts than in Latin letters; numbers count as neither.
    private static func checkScript(of words: [Substring]) throws(EngineError) {
        var balance = 0
        var first: Substring?
        for word in words {
            let foreign = SpokenWord.foreignWords(in: word)
            if foreign > 0 {
                first = first ?? word
                balance += foreign
            } else if word.contains(where: \.isLetter) {
                balance -= 1
            }
        }
        if balance > 0, let first { throw unsayable(first) }
    }

    private static func unsayable(_ word: Substring) -> EngineError {
        EngineError(.invalid, "the voice flite cannot say \"\(word.prefix(40))\": it knows Latin letters only")
    }

    private static func endsSentence(_ word: Substring) -> Bool {
        word.reversed().first { !"\"')]”’".contains($0) }.map { ".!?".contains($0) } ?? false
    }
}

/// One word on its way into ASCII.
enum SpokenWord {
    /// The word in ASCII, cut off after so many characters: marks taken off letters, other scripts transliterated, typographic signs as typed ones,
    /// emoji and other signs left out.
    static func ascii(_ word: Substring, longest: Int) -> String {
        let plain = plain(word.prefix(longest).decomposedStringWithCompatibilityMapping)
        guard plain.hasForeign else { return String(plain.text.prefix(longest)) }
        let latin = plain.text.applyingTransform(.toLatin, reverse: false) ?? plain.text
        let typed = latin.applyingTransform(StringTransform("Latin-ASCII"), reverse: false) ?? latin
        // The word stays one: its place in the text tells how far the caller has heard.
        let one = typed.split(whereSeparator: \.isWhitespace).joined(separator: "-")
        let spoken = self.plain(one.decomposedStringWithCompatibilityMapping).text.unicodeScalars.filter(\.isASCII)
        return String(String(spoken).prefix(longest))
    }

    /// How many words of other scripts a word counts as: scripts without spaces put about two letters into one.
    static func foreignWords(in word: Substring) -> Int {
        let foreign = word.unicodeScalars.filter { isForeign($0) && $0.properties.isAlphabetic }
        let dense = foreign.count(where: isDense)
        return foreign.isEmpty ? 0 : max(1, (dense + 1) / 2)
    }

    /// The word with typed signs; letters and digits that are not ASCII stay for now.
    private static func plain(_ word: String) -> (text: String, hasForeign: Bool) {
        var spoken = ""
        var hasForeign = false
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\u{2018}", "\u{2019}", "\u{02BC}", "\u{02BB}": spoken.append("'")
            case "\u{2013}", "\u{2014}": spoken.append("-")
            case "\u{2044}": spoken.append("/")
            case _ where scalar.isASCII:
                if scalar.value >= 0x20, scalar.value != 0x7F { spoken.unicodeScalars.append(scalar) }
            case _ where scalar.properties.numericType == .decimal:
                spoken += scalar.properties.numericValue.map { String(Int($0)) } ?? ""
            case _ where isKept(scalar):
                hasForeign = true
                spoken.unicodeScalars.append(scalar)
            default: continue
            }
        }
        return (spoken, hasForeign)
    }

    /// Whether a scalar that is not ASCII is said: a letter, or a mark that another script's letter needs.
    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || [.spacingMark, .letterNumber].contains(scalar.properties.generalCategory)
            || scalar.properties.generalCategory == .nonspacingMark && scalar.value >= 0x0483
    }

    /// Whether a scalar belongs to a script other than Latin.
    private static func isForeign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Latin with its extensions, modifier letters and combining marks, phonetic extensions, Latin additional, enclosed and full-width letters.
        case 0...0x036F, 0x1D00...0x1EFF, 0x2000...0x2BFF, 0x2C60...0x2C7F, 0xA720...0xA7FF, 0xAB30...0xAB6F, 0xFB00...0xFB06, 0xFF00...0xFF5E,
            0x1D400...0x1D7FF, 0x1F100...0x1FAFF:
            false
        default: true
        }
    }

    /// Whether a scalar belongs to a script that is written without spaces.
    private static func isDense(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Thai and Lao, Myanmar, Khmer, kana and Han, half-width kana, rarer Han.
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x9FFF, 0xF900...0xFAFF, 0xFF65...0xFF9F, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
