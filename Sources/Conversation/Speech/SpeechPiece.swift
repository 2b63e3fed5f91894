/// Cuts a growing text into parts that can be spoken one after the other.
enum SpeechPiece {
    /// A sentence longer than this many characters is cut between its clauses, or at a space: it takes some twelve seconds to say.
    static let longest = 200
    /// A part whose words as they are said have more characters than this is cut shorter: a number is several words.
    static let longestSpoken = 300
    /// No part is cut shorter than this many characters for that.
    static let shortestCut = 25
    /// The first part may end with a clause of at least this many characters, so that speech begins while the rest is being made.
    static let shortestFirst = 25
    /// The first part may end with a clause of at least this many words.
    static let fewestFirstWords = 5
    /// What follows a cut decides whether it is one; more characters than this are not looked at.
    private static let lookAhead = 40

    /// Takes the next whole sentence, list item or heading off the front of `text`, or all of it if nothing more will come.
    ///
    /// No part ends within markup that is open, unless it would be overlong, nor after an abbreviation.
    ///
    /// - Parameters:
    ///   - text: what is left of the answer so far; the part is taken off it.
    ///   - isLast: whether nothing more will be added to it.
    ///   - isFirst: whether nothing of the answer has been taken yet; then a clause is enough.
    ///   - longest: the most characters that it may have.
    ///   - language: the text's (ISO 639-1); nil for English.
    /// - Returns: the trimmed part, or nil while there is none yet.
    static func take(from text: inout String, isLast: Bool, isFirst: Bool = false, longest: Int = longest, language: String? = nil)
        -> String?
    {
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        guard start < text.endIndex else { return nil }
        let visible = Array(text[start...].prefix(longest + lookAhead))
        let isWhole = visible.count < longest + lookAhead
        var cut = SpeechCut(visible, isLast: isLast && isWhole, isFirst: isFirst, language: language)
        guard let length = cut.length(longest: longest) else { return nil }
        var piece = visible[..<length]
        while piece.last?.isWhitespace == true { piece.removeLast() }
        text = String(text[text.index(start, offsetBy: length)...])
        return String(piece)
    }
}
