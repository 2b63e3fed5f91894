/// What the beginning of a line says about it in Markdown.
struct MarkdownLine: Sendable, Equatable {
    /// The kind of a line.
    enum Kind: Sendable {
        /// White space, or nothing.
        case blank
        /// Words, in a quotation or not.
        case text
        /// The head of what follows.
        case heading
        /// An item of a list.
        case item
        /// An item of a numbered list; its number is part of the content.
        case numbered
        /// A row of a table.
        case row
        /// A line across, the line under a heading or between a table's head and body: nothing to say.
        case rule
        /// The beginning or end of a block of code.
        case fence
    }

    /// The kind.
    private(set) var kind = Kind.text
    /// Whether it is part of a quotation.
    private(set) var isQuoted = false
    /// Where the words begin.
    private(set) var content: Int

    private static let bullets: Set<Character> = ["-", "*", "+", "•", "‣", "◦", "▪", "●"]

    /// Looks at the line that fills `range`.
    init(_ characters: [Character], _ range: Range<Int>) {
        content = range.lowerBound
        skipSpace(characters, to: range.upperBound)
        while content < range.upperBound, characters[content] == ">" {
            isQuoted = true
            content += 1
            skipSpace(characters, to: range.upperBound)
        }
        guard content < range.upperBound else {
            kind = .blank
            return
        }
        let line = characters[content..<range.upperBound]
        if Self.isFence(line) {
            kind = .fence
        } else if Self.isRule(line) {
            kind = .rule
        } else if line.first == "|" {
            kind = .row
        } else if let length = Self.headingMark(line) {
            (kind, content) = (.heading, content + length)
        } else if Self.bullets.contains(characters[content]), line.dropFirst().first?.isWhitespace == true {
            (kind, content) = (.item, content + 1)
            skipSpace(characters, to: range.upperBound)
            skipBox(characters, to: range.upperBound)
        } else if Self.numberMark(line) != nil {
            kind = .numbered
        }
    }

    /// Whether the line is a block of its own, so that neither the line before it nor the one after it goes on with it.
    var isBlock: Bool {
        switch kind {
        case .text: isQuoted
        case .blank, .heading, .item, .numbered, .row, .rule, .fence: true
        }
    }

    /// How long a list's number with its mark is: "1." or "12)" before white space.
    static func numberMark(_ line: ArraySlice<Character>) -> Int? {
        let digits = line.prefix(4).prefix { $0.isDigit }
        guard (1...3).contains(digits.count), let mark = line.dropFirst(digits.count).first, ".)".contains(mark) else { return nil }
        return line.dropFirst(digits.count + 1).first?.isWhitespace == true ? digits.count + 1 : nil
    }

    private static func headingMark(_ line: ArraySlice<Character>) -> Int? {
        let marks = line.prefix(7).prefix { $0 == "#" }.count
        return (1...6).contains(marks) && line.dropFirst(marks).first?.isWhitespace == true ? marks : nil
    }

    private static func isFence(_ line: ArraySlice<Character>) -> Bool {
        guard line.starts(with: "```") || line.starts(with: "~~~") else { return false }
        // More of the same mark on the line: code within a line.
        return !line.drop { $0 == line.first }.contains { $0 == line.first }
    }

    /// Only the marks of a line across, or of a table's, and at least three of them.
    private static func isRule(_ line: ArraySlice<Character>) -> Bool {
        guard let first = line.first, "-*_=|:".contains(first) else { return false }
        let marks = line.filter { !$0.isWhitespace }
        if "|:".contains(first) { return marks.contains("-") && marks.allSatisfy { "|:-".contains($0) } }
        return marks.count >= 3 && (marks.allSatisfy { $0 == first } || (first == "-" && marks.allSatisfy { "|:-".contains($0) }))
    }

    private mutating func skipSpace(_ characters: [Character], to end: Int) {
        while content < end, characters[content].isWhitespace { content += 1 }
    }

    /// The box of a task, ticked or not.
    private mutating func skipBox(_ characters: [Character], to end: Int) {
        guard content + 3 < end, characters[content] == "[", characters[content + 2] == "]", characters[content + 3].isWhitespace else { return }
        if " xX".contains(characters[content + 1]) { content += 3 }
    }
}
