/// Looks for the first place where a growing text can be cut.
struct SpeechCut {
    /// The text, as far as it matters.
    private let characters: [Character]
    /// Whether the text is complete.
    private let isLast: Bool
    /// Whether a clause is enough, because nothing has been said yet.
    private let isFirst: Bool
    /// How numbers and abbreviations are written, if not as in English.
    private let language: SpokenLanguage?
    private let isEnglish: Bool
    private var markup = OpenMarkup()
    private var lineStart = 0
    private var words = 0

    /// Marks between the parts of a sentence.
    private static let clauseMarks: Set<Character> = [",", ";", ":", "–", "—"]
    private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "]", "*", "_", "`", "»"]
    private static let openers: Set<Character> = ["\"", "'", "“", "‘", "(", "[", "*", "_", "«"]

    /// Prepares to cut a text that begins with a word.
    init(_ characters: [Character], isLast: Bool, isFirst: Bool, language: String?) {
        self.language = SpokenLanguage.of(language)
        isEnglish = SpokenLanguage.isEnglish(language)
        self.characters = characters
        self.isLast = isLast
        self.isFirst = isFirst
    }

    /// How many characters to take: up to the first end of a sentence or block, or up to a clause's end or a space if there is none in `longest`.
    ///
    /// - Returns: nil while more text is needed to tell.
    mutating func length(longest: Int) -> Int? {
        var lastSpace: Int?
        var lastSafeSpace: Int?
        var lastClause: Int?
        for index in characters.indices.prefix(longest) {
            let character = characters[index]
            if character.isNewline, endsBlock(at: index) { markup.endBlock() }
            markup.pass(characters, at: index)
            guard character.isWhitespace else { continue }
            if !characters[max(0, index - 1)].isWhitespace { words += 1 }
            if !markup.isOpen, isCut(at: index) { return index }
            lastSpace = index
            if !markup.isOpen { lastSafeSpace = index }
            // Behind a short clause the rest would be cut again.
            if !markup.isOpen, index > longest / 3, endsClause(at: index) { lastClause = index }
            if character.isNewline { lineStart = index + 1 }
        }
        if characters.count <= longest { return isLast ? characters.count : nil }
        return lastClause ?? lastSafeSpace ?? lastSpace ?? longest
    }

    private func endsClause(at space: Int) -> Bool {
        guard let mark = characters[..<space].lastIndex(where: { !Self.closers.contains($0) }) else { return false }
        return Self.clauseMarks.contains(characters[mark]) && !isWithinDate(mark)
    }

    private func isCut(at space: Int) -> Bool {
        if characters[space].isNewline, endsBlock(at: space) { return true }
        guard let mark = characters[..<space].lastIndex(where: { !Self.closers.contains($0) }) else { return false }
        switch characters[mark] {
        case "!", "?": return true
        case ".": return endsSentence(at: mark, space: space)
        default: return isFirst && Self.clauseMarks.contains(characters[mark]) && isLongEnough(mark + 1) && !isWithinDate(mark)
        }
    }

    /// Whether what there is up to a clause's mark is enough to begin with.
    private func isLongEnough(_ length: Int) -> Bool {
        length >= SpeechPiece.shortestFirst && words >= SpeechPiece.fewestFirstWords
    }

    /// Whether digits stand, or may still come, on both sides of a comma: "November 24, 2026".
    private func isWithinDate(_ mark: Int) -> Bool {
        guard mark > 0, characters[mark] == ",", characters[mark - 1].isDigit else { return false }
        return characters[(mark + 1)...].first { !$0.isWhitespace }?.isDigit ?? true
    }

    /// Whether the line that ends here is a block of its own, or the next one begins one.
    private func endsBlock(at newline: Int) -> Bool {
        if MarkdownLine(characters, lineStart..<newline).isBlock { return true }
        let start = newline + 1
        guard start < characters.count else { return false }
        let end = characters[start...].firstIndex(where: \.isNewline)
        let next = MarkdownLine(characters, start..<(end ?? characters.count))
        // An unfinished line may become anything while it has nothing but marks.
        return next.isBlock && (end != nil || next.content < characters.count)
    }

    /// Whether the full stop at `mark` ends a sentence rather than an abbreviation, an initial or the number of a list's item.
    private func endsSentence(at mark: Int, space: Int) -> Bool {
        if MarkdownLine.numberMark(characters[firstOfLine...]) == mark + 1 - firstOfLine { return false }
        let start = (characters[..<mark].lastIndex(where: \.isWhitespace) ?? -1) + 1
        let word = characters[start..<mark].drop { Self.openers.contains($0) }
        if isInitial(word) { return false }
        guard isEnglish else { return (mark < space - 1 || !isShort(word)) && characters[space...].first { !$0.isWhitespace }?.isLowercase != true }
        guard mark == space - 1, let short = Abbreviation.of(String(word)) else { return true }
        let next = characters[space...].first { !$0.isWhitespace && !Self.openers.contains($0) }
        switch short.kind {
        case .title: return false
        case .connecting: return false
        case .numbered: return next.map { !$0.isDigit } ?? false
        case .closing: return next.map { $0.isUppercase } ?? false
        }
    }

    /// Whether a full stop behind a word of another language belongs to the word: to an abbreviation, or to a German ordinal number.
    private func isShort(_ word: ArraySlice<Character>) -> Bool {
        guard let language else { return false }
        if language.words.short[String(word)] != nil || language.words.units[String(word)] != nil { return true }
        return language.ordinal != nil && (1...2).contains(word.count) && word.allSatisfy(\.isDigit)
    }

    /// Where the line's words or marks begin.
    private var firstOfLine: Int { characters[lineStart...].firstIndex { !$0.isWhitespace } ?? characters.count }

    /// "J." and "U.S." are no ends, "So do I." is one.
    private func isInitial(_ word: ArraySlice<Character>) -> Bool {
        guard let last = word.last, last.isUppercase, last != "I" || word.count > 1 else { return false }
        return word.count == 1 || word.dropLast().last == "."
    }
}
