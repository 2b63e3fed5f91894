/// Why a regular expression cannot be matched.
enum PatternError: Error, Sendable, Equatable {
    /// It is not a regular expression.
    case malformed(String)
    /// It is one, but ``Pattern`` does not know this part of the language.
    case unsupported(String)
}

/// A regular expression as a tree.
indirect enum PatternNode: Sendable, Equatable {
    case empty
    case scalars(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repetition(PatternNode, least: Int, most: Int?)

    /// What must hold between two characters.
    enum Assertion: Sendable, Equatable {
        case start
        case end
        case wordBoundary
        case noWordBoundary
    }
}

/// Reads a regular expression of ECMAScript, the language of JSON Schema's `pattern`.
struct PatternParser {
    /// The deepest that groups may be nested.
    private static let deepest = 50
    /// The most that a quantifier may count to.
    private static let mostRepeats = 1_000

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    /// Reads a whole pattern.
    static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
        let node = try parser.choice()
        guard parser.place == parser.scalars.count else { throw .malformed("a `)` closes no group") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[place...].starts(with: text.unicodeScalars) else { return false }
        place += text.unicodeScalars.count
        return true
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw .unsupported("groups nested more than \(Self.deepest) deep") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try quantified(try atom())) }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let scalar = next else { return .empty }
        place += 1
        switch scalar {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case ".": return .scalars(ScalarSet.lineEnds.inverted)
        case "(": return try group()
        case "[": return .scalars(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?": throw .malformed("there is nothing that `\(scalar)` could repeat")
        default: return .scalars(ScalarSet([scalar.value...scalar.value]))
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?") {
            if take("=") || take("!") { throw .unsupported("a lookahead") }
            if take("<=") || take("<!") { throw .unsupported("a lookbehind") }
            if take("<") {
                guard let end = scalars[place...].firstIndex(of: ">"), end > place else { throw .malformed("a group's name has no end") }
                place = end + 1
            } else if !take(":") {
                throw .unsupported("a group that begins with `(?`, such as a flag")
            }
        }
        let node = try choice()
        guard take(")") else { throw .malformed("a group has no end") }
        return node
    }
}

// MARK: - Quantifiers

extension PatternParser {
    private mutating func quantified(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        guard let (least, most) = try quantifier() else { return atom }
        // Whether a match is found does not depend on its length, so lazy is as greedy.
        if !take("?"), next == "+" { throw .unsupported("a possessive quantifier") }
        if let next, "*?".unicodeScalars.contains(next) { throw .malformed("a quantifier repeats a quantifier") }
        return .repetition(atom, least: least, most: most)
    }

    private mutating func quantifier() throws(PatternError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        return try countedQuantifier()
    }

    /// `{2}`, `{2,}` or `{2,5}`; any other `{` stands for itself.
    private mutating func countedQuantifier() throws(PatternError) -> (least: Int, most: Int?)? {
        let start = place
        guard take("{"), let least = number() else {
            place = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else {
            place = start
            return nil
        }
        if let most, most < least { throw .malformed("the counts of a quantifier are the wrong way round") }
        guard max(least, most ?? 0) <= Self.mostRepeats else { throw .unsupported("a quantifier that counts beyond \(Self.mostRepeats)") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let digits = scalars[place...].prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return nil }
        place += digits.count
        return digits.reduce(0) { min(1_000_000, $0 * 10 + Int($1.value - 0x30)) }
    }
}

// MARK: - Escapes and classes

extension PatternParser {
    private mutating func escape() throws(PatternError) -> PatternNode {
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        // Not of ECMAScript, but written by those who know other languages' patterns.
        if take("A") { return .assertion(.start) }
        if take("z") || take("Z") { return .assertion(.end) }
        if let next, ("1"..."9").contains(next) || next == "k" { throw .unsupported("a backreference") }
        return .scalars(try escapedSet())
    }

    /// What stands behind a backslash, in a class or outside.
    private mutating func escapedSet() throws(PatternError) -> ScalarSet {
        guard let scalar = next else { throw .malformed("it ends with a backslash") }
        place += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .wordCharacters
        case "W": return ScalarSet.wordCharacters.inverted
        case "s": return .whitespace
        case "S": return ScalarSet.whitespace.inverted
        case "p", "P": return ScalarSet(try category(isNegated: scalar == "P"))
        default:
            let value = try value(ofEscaped: scalar)
            return ScalarSet([value...value])
        }
    }

    private mutating func value(ofEscaped scalar: Unicode.Scalar) throws(PatternError) -> UInt32 {
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "0": return 0x00
        case "x": return try hexadecimal(2)
        case "u": return try unicode()
        default:
            guard !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else { throw .unsupported("the escape `\\\(scalar)`") }
            return scalar.value
        }
    }

    private mutating func unicode() throws(PatternError) -> UInt32 {
        guard take("{") else { return try hexadecimal(4) }
        let value = try hexadecimal(scalars[place...].prefix { $0 != "}" }.count)
        guard take("}") else { throw .malformed("a code point has no end") }
        return value
    }

    private mutating func hexadecimal(_ count: Int) throws(PatternError) -> UInt32 {
        let digits = scalars[place...].prefix(count)
        guard digits.count == count, (1...6).contains(count), digits.allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16), value <= 0x10_FFFF
        else { throw .malformed("a code point must be written as \\x41, \\u0041 or \\u{1F600}") }
        place += count
        return value
    }

    private mutating func category(isNegated: Bool) throws(PatternError) -> ScalarSet.Category {
        guard take("{"), let end = scalars[place...].firstIndex(of: "}") else { throw .malformed("\\p needs a property, as in \\p{L}") }
        let name = String(String.UnicodeScalarView(scalars[place..<end]))
        place = end + 1
        guard let property = ScalarSet.Property(name: name) else { throw .unsupported("the property \\p{\(name)}") }
        return ScalarSet.Category(property: property, isNegated: isNegated)
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var set = ScalarSet([])
        while !take("]") {
            let first = try classAtom()
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                set.formUnion(first)
                continue
            }
            place += 1
            set.formUnion(try range(from: first, to: try classAtom()))
        }
        return isNegated ? set.inverted : set
    }

    private func range(from first: ScalarSet, to last: ScalarSet) throws(PatternError) -> ScalarSet {
        guard let low = first.single, let high = last.single else {
            // `[\w-.]`: the dash stands for itself.
            var set = ScalarSet([0x2D...0x2D])
            set.formUnion(first)
            set.formUnion(last)
            return set
        }
        guard low <= high else { throw .malformed("the ends of a range are the wrong way round") }
        return ScalarSet([low...high])
    }

    private mutating func classAtom() throws(PatternError) -> ScalarSet {
        guard let scalar = next else { throw .malformed("a class has no end") }
        place += 1
        guard scalar == "\\" else { return ScalarSet([scalar.value...scalar.value]) }
        if take("b") { return ScalarSet([0x08...0x08]) }
        return try escapedSet()
    }
}

extension ScalarSet {
    /// The only member of a set that was made for one scalar.
    fileprivate var single: UInt32? {
        guard !isNegated, categories.isEmpty, ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return range.lowerBound
    }
}
