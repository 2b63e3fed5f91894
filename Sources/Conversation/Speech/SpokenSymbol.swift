/// Signs that people say by name.
enum SpokenSymbol {
    private static let names: [Character: String] = [
        "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "÷": "divided by", "±": "plus or minus", "≈": "about", "≤": "at most",
        "≥": "at least", "≠": "is not", "→": "to", "°": "degrees", "§": "section", "²": "squared", "³": "cubed", "×": "times", "©": "copyright",
        "∞": "infinity", "√": "root", "π": "pi", "−": "minus", "‰": "per mille", "№": "number",
    ]
    /// Signs of several characters.
    private static let composed: [String: [String]] = [
        "->": ["to"], "-->": ["to"], "=>": ["to"], "==>": ["to"], "!=": ["is", "not"], ">=": ["at", "least"], "<=": ["at", "most"],
    ]

    /// The words for a sign between these two characters; none for one that is not said.
    static func words(_ sign: Character, before: Character?, after: Character?) -> [String] {
        let isAfterDigit = before?.isDigit == true
        let isBeforeDigit = after?.isDigit == true
        switch sign {
        case "/": return slash(before: before, after: after)
        case "#": return isBeforeDigit ? ["number"] : after?.isLetter == true ? ["hashtag"] : before?.isLetter == true ? ["sharp"] : []
        case "*", "×": return isBeforeDigit && (isAfterDigit || before == nil) ? ["times"] : []
        case ":": return isAfterDigit && isBeforeDigit ? ["to"] : []
        case "~": return isBeforeDigit ? ["about"] : []
        case "<": return isBeforeDigit ? ["less", "than"] : []
        case ">": return isBeforeDigit ? ["greater", "than"] : []
        case "^": return isAfterDigit && isBeforeDigit ? ["to", "the", "power"] : []
        default: break
        }
        if let currency = Currency.of(sign) { return [currency.names.many] }
        return names[sign].map { $0.split(separator: " ").map(String.init) } ?? []
    }

    /// Reads a word that is made of signs alone.
    static func read(_ point: ReadingPoint) -> Reading? {
        let core = point.word.core
        guard !core.contains(where: { $0.isLetter || $0.isDigit }) else { return nil }
        if let words = composed[point.word.text] { return .one(words) }
        guard let first = core.first, core.allSatisfy({ $0 == first }) else {
            return .one(core.count > 3 ? [] : core.flatMap { words($0, before: nil, after: nil) })
        }
        if "-–—".contains(first) {
            // "9 - 5" is a range; any other dash is a rest, which the reader makes of a word that says nothing.
            return .one(core.count == 1 && isBetweenNumbers(point) ? ["to"] : [])
        }
        // Between numbers a sign is arithmetic; apart from numbers a star or a bracket is decoration.
        let near: Character? = isBetweenNumbers(point) || "<>".contains(first) ? "0" : nil
        return .one(words(first, before: near, after: near))
    }

    private static func isBetweenNumbers(_ point: ReadingPoint) -> Bool {
        guard let previous = point.joinedPrevious?.core, let next = point.joinedNext?.core else { return false }
        let isTime = ["am", "pm"].contains(String(previous.suffix(2)).lowercased())
        return (previous.last?.isDigit == true || isTime) && (next.first?.isDigit == true || (next.first.flatMap(Currency.of) != nil))
    }

    private static func slash(before: Character?, after: Character?) -> [String] {
        guard let before, let after else { return before == nil && after == nil ? ["slash"] : [] }
        if before.isDigit, after.isLetter { return ["per"] }
        return before.isLetter && after.isLetter ? ["slash"] : []
    }
}
