/// The names of agents, endpoints, tools and transfers: letters, digits, `-` and `_`, as chat services allow for tools.
enum DeclaredName {
    private static let longest = 64
    private static let longestShown = 40
    private static let longestShownWithDigits = 20

    /// Whether a text is such a name.
    static func isValid(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                }
            }
    }

    /// The name as messages show it; nil for a text that is none, or looks like a key that stands in the wrong place.
    static func shown(_ text: String) -> String? {
        guard isValid(text) else { return nil }
        guard text.contains(where: \.isNumber) else { return text.utf8.count <= longestShown ? text : nil }
        let isMixed = text.contains(where: \.isUppercase) && text.contains(where: \.isLowercase)
        return text.utf8.count <= longestShownWithDigits && !isMixed ? text : nil
    }

    /// What is said of a name that nothing has.
    static func unknown(_ name: String, _ what: String, _ known: [String]) -> String {
        let shown = shown(name).map { "`\($0)` is no \(what)" } ?? "this is no \(what)"
        return known.isEmpty ? "\(shown); none is declared" : shown + Word.advice(for: name, among: known)
    }
}
