/// Which marks of Markdown are open at a place in a text, so that it is not cut between a mark and its other half.
struct OpenMarkup: Sendable, Equatable {
    /// The backticks that opened code; 0 outside of it.
    private var codeMarks = 0
    /// Stars and lines of emphasis that are open, counted.
    private var stars = 0
    private var lines = 0
    private var brackets = 0
    /// Brackets that are open where a link leads.
    private var destination = 0
    private var isInTag = false

    /// Whether anything is open.
    var isOpen: Bool { codeMarks > 0 || stars > 0 || lines > 0 || brackets > 0 || destination > 0 || isInTag }

    /// Goes past the character at `index`.
    mutating func pass(_ characters: [Character], at index: Int) {
        let character = characters[index]
        let before = index > 0 ? characters[index - 1] : " "
        let after = index + 1 < characters.count ? characters[index + 1] : " "
        if character == "`" {
            if before != "`" { passCode(runLength(characters, at: index)) }
            return
        }
        guard codeMarks == 0 else { return }
        switch character {
        case "*": if before != "*" { passEmphasis(&stars, characters, at: index) }
        case "_": if before != "_" { passEmphasis(&lines, characters, at: index) }
        case "(" where destination > 0 || before == "]": destination += 1
        case ")": destination = max(0, destination - 1)
        case "[" where destination == 0: brackets += 1
        case "]" where destination == 0: brackets = max(0, brackets - 1)
        case "<": isInTag = after.isLetter || after == "/" || after == "!"
        case ">": isInTag = false
        default: return
        }
    }

    /// Goes past the end of a block, beyond which nothing stays open but a block of code.
    mutating func endBlock() {
        let fence = codeMarks >= 3 ? codeMarks : 0
        self = OpenMarkup()
        codeMarks = fence
    }

    private mutating func passCode(_ length: Int) {
        if codeMarks == 0 { codeMarks = length } else if codeMarks == length { codeMarks = 0 }
    }

    private func passEmphasis(_ open: inout Int, _ characters: [Character], at index: Int) {
        let length = runLength(characters, at: index)
        let before = index > 0 ? characters[index - 1] : " "
        let after = index + length < characters.count ? characters[index + length] : " "
        let isInside = before.isLetter || before.isDigit
        if open > 0, !before.isWhitespace {
            open = max(0, open - length)
        } else if !after.isWhitespace, !(isInside && (characters[index] == "_" || after.isDigit)) {
            open += length
        }
    }

    private func runLength(_ characters: [Character], at start: Int) -> Int {
        (characters[start...].firstIndex { $0 != characters[start] } ?? characters.count) - start
    }
}
