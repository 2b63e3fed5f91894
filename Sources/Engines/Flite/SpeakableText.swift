import Foundation

/// A text made safe for flite, which knows ASCII only, and cut into pieces of bounded length.
///
/// Each piece remembers which words of the original it holds, words being counted as separated by white space.
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
        /// The place in the original of each word.
        var wordIndices: [Int]
    }

    /// The pieces, in order; none when nothing can be spoken.
    private(set) var pieces: [Piece] = []

    /// Prepares a text.
    init(_ text: String) {
        var total = 0
        var current = Piece(text: "", wordIndices: [])
        for (index, word) in text.split(whereSeparator: \.isWhitespace).enumerated() {
            let spoken = Self.ascii(word)
            guard spoken.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
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

    /// The word in ASCII: marks taken off letters, typographic signs as typed ones, everything else left out.
    private static func ascii(_ word: Substring) -> String {
        var spoken = ""
        for scalar in word.decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "\u{2018}", "\u{2019}": spoken.append("'")
            case "\u{2013}", "\u{2014}": spoken.append("-")
            case _ where scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F: spoken.unicodeScalars.append(scalar)
            default: continue
            }
        }
        return String(spoken.prefix(longestWord))
    }

    private static func endsSentence(_ word: Substring) -> Bool {
        word.reversed().first { !"\"')]”’".contains($0) }.map { ".!?".contains($0) } ?? false
    }
}
