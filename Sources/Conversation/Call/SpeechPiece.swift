/// Cuts a growing text into parts that can be spoken one after the other.
enum SpeechPiece {
    /// A sentence longer than this many characters is cut at a space.
    static let longest = 300

    /// Takes the next whole sentence off the front of `text`, or all of it if nothing more will come.
    ///
    /// - Returns: the trimmed sentence, or nil while there is none yet.
    static func take(from text: inout String, isLast: Bool) -> String? {
        let cut = sentenceEnd(in: text) ?? (isLast ? text.endIndex : nil)
        guard let cut, cut > text.startIndex else { return nil }
        let piece = text[..<cut].trimmed
        text = String(text[cut...])
        return piece.isEmpty ? (text.isEmpty ? nil : take(from: &text, isLast: isLast)) : piece
    }

    /// Just after the first mark that ends a sentence and is followed by white space, or a space in an overlong one.
    private static func sentenceEnd(in text: String) -> String.Index? {
        var index = text.startIndex
        var lastSpace: String.Index?
        var length = 0
        while index < text.endIndex {
            let next = text.index(after: index)
            if ".!?".contains(text[index]), next < text.endIndex, text[next].isWhitespace { return next }
            if text[index].isWhitespace { lastSpace = next }
            length += 1
            if length >= longest { return lastSpace ?? next }
            index = next
        }
        return nil
    }
}

extension Substring {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var rest = self.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
