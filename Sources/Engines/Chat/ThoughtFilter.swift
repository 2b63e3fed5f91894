/// Takes out what a model thinks aloud: `<think>` to `</think>`, wherever the tokens are cut.
struct ThoughtFilter: Sendable {
    private static let opening = "<think>"
    private static let closing = "</think>"
    private var isThinking = false
    /// The end of the text so far that may be the beginning of a tag.
    private var held = ""

    /// Takes more of the answer, and gives what of it is to be said.
    mutating func feed(_ text: String) -> String {
        var rest = held + text
        held = ""
        var spoken = ""
        while !rest.isEmpty {
            let tag = isThinking ? Self.closing : Self.opening
            if let found = rest.firstRange(of: tag) {
                if !isThinking { spoken += rest[..<found.lowerBound] }
                rest = String(rest[found.upperBound...])
                isThinking.toggle()
            } else {
                held = Self.beginning(of: tag, endingIn: rest)
                if !isThinking { spoken += rest.dropLast(held.count) }
                rest = ""
            }
        }
        return spoken
    }

    /// Tells that the answer is over, and gives what was held back.
    mutating func end() -> String {
        defer { held = "" }
        return isThinking ? "" : held
    }

    private static func beginning(of tag: String, endingIn text: String) -> String {
        for length in stride(from: min(tag.count - 1, text.count), to: 0, by: -1) where text.hasSuffix(tag.prefix(length)) {
            return String(tag.prefix(length))
        }
        return ""
    }
}
