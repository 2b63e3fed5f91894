/// Takes the markup of Markdown and HTML off a text, keeping for each word its place in the original.
///
/// What is broken, because the text was cut or was no Markdown at all, stays as far as it is words: no rule looks further than its line.
struct SpokenMarkdown {
    private let characters: [Character]
    /// For each character, the number of the white-space separated word it is in, or follows.
    private let places: [Int]
    private var text = WrittenText()
    private var index = 0
    private var openBrackets = 0
    /// Whether the last line of words was followed by an empty one.
    private var isAfterBlank = false

    /// Tags that are set within words.
    private static let inlineTags: Set<String> = ["a", "b", "i", "em", "strong", "u", "s", "span", "code", "mark", "small", "sup", "sub", "wbr"]
    private static let entities: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "#39": "'", "ndash": "–", "mdash": "—", "hellip": "…",
    ]

    /// The words of a text without markup.
    static func words(_ original: String) -> [WrittenWord] {
        var markdown = SpokenMarkdown(original)
        var start = 0
        while start < markdown.characters.count {
            let end = markdown.characters[start...].firstIndex(where: \.isNewline) ?? markdown.characters.count
            markdown.takeLine(start..<end)
            start = end + 1
        }
        markdown.text.endWord()
        return markdown.text.words
    }

    private init(_ original: String) {
        characters = Array(original)
        var place = -1
        var isAfterSpace = true
        var places: [Int] = []
        places.reserveCapacity(characters.count)
        for character in characters {
            if isAfterSpace, !character.isWhitespace { place += 1 }
            isAfterSpace = character.isWhitespace
            places.append(max(place, 0))
        }
        self.places = places
    }

    private mutating func takeLine(_ range: Range<Int>) {
        let line = MarkdownLine(characters, range)
        index = line.content
        switch line.kind {
        case .blank:
            isAfterBlank = true
            return
        case .rule, .fence:
            return
        case .text:
            takeInline(to: range.upperBound)
        case .numbered:
            takeNumber(characters[index..<range.upperBound])
            takeInline(to: range.upperBound)
            text.pause(.long)
        case .heading, .item, .row:
            takeInline(to: range.upperBound)
            text.pause(.long)
        }
        text.endWord()
    }

    /// The number of an item, always followed by a full stop.
    private mutating func takeNumber(_ line: ArraySlice<Character>) {
        guard let length = MarkdownLine.numberMark(line) else { return }
        startWords()
        for character in line.prefix(length - 1) + ["."] { text.append(character, place: places[index]) }
        index += length
    }

    private mutating func startWords() {
        if isAfterBlank { text.pause(.long) }
        isAfterBlank = false
    }

    private mutating func takeInline(to end: Int) {
        startWords()
        openBrackets = 0
        let codeEnds = lastRuns(of: "`", in: index..<end)
        while index < end {
            let character = characters[index]
            switch character {
            case "`": takeCode(to: end, lastRuns: codeEnds)
            case "*", "_", "~": takeEmphasis(character, to: end)
            case "[", "]": takeBracket(character, to: end)
            case "<": takeTag(to: end)
            case "&": takeEntity(to: end)
            case "|": takeOne { $0.pause(.short) }
            case "!" where index + 1 < end && characters[index + 1] == "[": index += 1
            case "\\" where index + 1 < end && (characters[index + 1].isPunctuation || characters[index + 1].isSymbol):
                index += 1
                takeCharacter()
            default: takeCharacter()
            }
        }
    }

    private mutating func takeCharacter() {
        if characters[index].isWhitespace { text.endWord() } else { text.append(characters[index], place: places[index]) }
        index += 1
    }

    private mutating func takeOne(_ change: (inout WrittenText) -> Void) {
        change(&text)
        index += 1
    }

    private mutating func takeAll(to end: Int) {
        while index < end { takeCharacter() }
    }

    /// Code between runs of as many backticks is said as it is.
    private mutating func takeCode(to end: Int, lastRuns: [Int: Int]) {
        let length = runLength(at: index, to: end)
        let start = index + length
        guard let last = lastRuns[length], last >= start else {
            index = start
            return
        }
        var close = start
        while close < last {
            if characters[close] == "`" {
                let run = runLength(at: close, to: end)
                if run == length { break }
                close += run
            } else {
                close += 1
            }
        }
        index = start
        takeAll(to: close)
        index = close + length
    }

    /// Marks of emphasis are not said; a star between numbers and a line within a name are no such marks.
    private mutating func takeEmphasis(_ mark: Character, to end: Int) {
        let length = runLength(at: index, to: end)
        let before = index > 0 ? characters[index - 1] : " "
        let after = index + length < end ? characters[index + length] : " "
        let isKept =
            switch mark {
            case "*": length == 1 && ((before.isWhitespace && after.isWhitespace) || (before.isDigit && after.isDigit))
            case "_": (before.isLetter || before.isDigit) && (after.isLetter || after.isDigit)
            default: length == 1
            }
        if isKept { takeAll(to: index + length) } else { index += length }
    }

    /// The text of a link or an image is said, where it leads is not.
    private mutating func takeBracket(_ bracket: Character, to end: Int) {
        let isNote = index + 1 < end && characters[index + 1] == "^"
        index += 1
        if bracket == "[" {
            if isNote, let close = closing("]", from: index, to: end) { index = close + 1 } else { openBrackets += 1 }
            return
        }
        guard openBrackets > 0 else { return }
        openBrackets -= 1
        guard index < end, "([".contains(characters[index]) else { return }
        guard let close = closing(characters[index] == "(" ? ")" : "]", from: index + 1, to: end) else { return takeOne { $0.endWord() } }
        index = close + 1
    }

    /// A tag is not said; an address between angle brackets is.
    private mutating func takeTag(to end: Int) {
        guard let close = characters[(index + 1)..<end].firstIndex(where: { "<>".contains($0) }), characters[close] == ">" else {
            return takeCharacter()
        }
        let inner = characters[(index + 1)..<close]
        let isAddress = inner.contains("@") || inner.contains { $0 == ":" }
        if isAddress, !inner.contains(where: { $0.isWhitespace || $0 == "=" }), inner.first?.isLetter == true {
            index += 1
            takeAll(to: close)
            index = close + 1
            return text.endWord()
        }
        let body = inner.first == "/" || inner.first == "!" ? inner.dropFirst() : inner
        let name = body.prefix { $0.isLetter || $0.isDigit || $0 == "-" }
        let rest = body[name.endIndex...]
        guard !name.isEmpty, rest.contains("=") || rest.allSatisfy({ $0.isWhitespace || $0 == "/" }) || inner.first == "!" else {
            return takeCharacter()
        }
        if !Self.inlineTags.contains(String(name).lowercased()) { text.endWord() }
        index = close + 1
    }

    private mutating func takeEntity(to end: Int) {
        let name = characters[(index + 1)..<end].prefix(7).prefix { $0 != ";" && $0 != "&" }
        guard name.endIndex < end, characters[name.endIndex] == ";", let character = Self.entities[String(name)] else { return takeCharacter() }
        if character.isWhitespace { text.endWord() } else { text.append(character, place: places[index]) }
        index = name.endIndex + 1
    }

    /// The bracket that closes one opened just before `start`; none if another link begins first.
    private func closing(_ bracket: Character, from start: Int, to end: Int) -> Int? {
        var depth = 0
        for place in start..<end {
            if characters[place] == bracket, depth == 0 { return place }
            switch characters[place] {
            case "(": depth += 1
            case ")": depth -= 1
            case "[", "]": return nil
            default: continue
            }
        }
        return nil
    }

    private func runLength(at start: Int, to end: Int) -> Int {
        var length = 1
        while start + length < end, characters[start + length] == characters[start] { length += 1 }
        return length
    }

    /// For each length of a run of the mark, where the last of that length begins.
    private func lastRuns(of mark: Character, in range: Range<Int>) -> [Int: Int] {
        var runs: [Int: Int] = [:]
        var place = range.lowerBound
        while place < range.upperBound {
            let length = characters[place] == mark ? runLength(at: place, to: range.upperBound) : 0
            if length > 0 { runs[length] = place }
            place += max(length, 1)
        }
        return runs
    }
}
