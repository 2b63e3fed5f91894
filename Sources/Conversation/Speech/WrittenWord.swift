/// A word of a text, free of markup, and the marks around it.
struct WrittenWord: Sendable, Equatable {
    /// A rest that layout asks for where no mark does.
    enum Pause: Sendable {
        /// Between the cells of a table.
        case short
        /// At the end of a list item, a heading or a row.
        case long
    }

    /// Which white-space separated word of the original it is, or is a part of.
    let place: Int
    /// Marks that open something: quotes, brackets.
    let lead: String
    /// The word itself; empty for marks that stand alone.
    let core: [Character]
    /// Marks that close something, or end a clause.
    let trail: String
    /// The rest after it.
    var pause: Pause?

    private static let leading: Set<Character> = ["(", "[", "{", "\"", "'", "“", "‘", "«", "„", "¿", "¡"]
    private static let trailing: Set<Character> = [
        ".", ",", ";", ":", "!", "?", "…", ")", "]", "}", "\"", "'", "”", "’", "»",
    ]
    /// Marks that a voice has no use for.
    private static let silent: Set<Character> = ["[", "]", "{", "}"]

    /// Parts a word from its marks.
    init(_ characters: [Character], place: Int) {
        let start = characters.firstIndex { !Self.leading.contains($0) } ?? characters.count
        let end = (characters[start...].lastIndex { !Self.trailing.contains($0) } ?? start - 1) + 1
        self.place = place
        lead = String(characters[..<start].filter { !Self.silent.contains($0) })
        core = Array(characters[start..<end])
        trail = String(characters[end...].filter { !Self.silent.contains($0) })
    }

    /// The word alone as a string.
    var text: String { String(core) }

    /// Whether it is made of letters and what may stand among them, so that it is said as it is written.
    var isOrdinary: Bool {
        core.contains(where: \.isLetter) && core.allSatisfy { $0.isLetter || "'’-.()".contains($0) } && !hasDash
    }

    /// Whether two hyphens stand for a dash.
    private var hasDash: Bool { zip(core, core.dropFirst()).contains { $0 == "-" && $1 == "-" } }

    /// Whether the word is a whole number in digits.
    var isDigits: Bool { !core.isEmpty && core.allSatisfy(\.isDigit) }

    /// Whether it begins with a capital letter.
    var isCapitalised: Bool { core.first?.isUppercase ?? false }
}
