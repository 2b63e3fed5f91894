/// A set of Unicode scalars, as one place of a pattern matches them.
struct ScalarSet: Sendable, Equatable {
    /// A Unicode property that a pattern names, as in `\p{L}`.
    enum Property: String, Sendable {
        case letter = "L"
        case uppercase = "Lu"
        case lowercase = "Ll"
        case mark = "M"
        case number = "N"
        case decimal = "Nd"
        case punctuation = "P"
        case symbol = "S"
        case separator = "Z"

        /// Finds a property by its short or long name.
        init?(name: String) {
            let long: [String: Property] = [
                "Letter": .letter, "Alphabetic": .letter, "Uppercase_Letter": .uppercase, "Lowercase_Letter": .lowercase, "Mark": .mark,
                "Number": .number, "Decimal_Number": .decimal, "Punctuation": .punctuation, "Symbol": .symbol, "Separator": .separator,
            ]
            guard let property = Property(rawValue: name) ?? long[name] else { return nil }
            self = property
        }

        fileprivate func includes(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter: self == .letter || self == .uppercase
            case .lowercaseLetter: self == .letter || self == .lowercase
            case .titlecaseLetter, .modifierLetter, .otherLetter: self == .letter
            case .nonspacingMark, .spacingMark, .enclosingMark: self == .mark
            case .decimalNumber: self == .number || self == .decimal
            case .letterNumber, .otherNumber: self == .number
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
                .otherPunctuation:
                self == .punctuation
            case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: self == .symbol
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: self == .separator
            case .control, .format, .surrogate, .privateUse, .unassigned: false
            @unknown default: false
            }
        }
    }

    /// A property, or everything that lacks it.
    struct Category: Sendable, Equatable {
        var property: Property
        var isNegated = false
    }

    /// The last scalar value there is.
    private static let last: UInt32 = 0x10_FFFF

    /// Ranges in order, which do not overlap or touch.
    private(set) var ranges: [ClosedRange<UInt32>]
    private(set) var categories: [Category] = []
    private(set) var isNegated = false

    /// Makes the set of the scalars in these ranges.
    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = Self.merged(ranges)
    }

    /// Makes the set of the scalars that have a property.
    init(_ category: Category) {
        ranges = []
        categories = [category]
    }

    /// The set of everything else.
    var inverted: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }

    /// Adds the members of a set.
    mutating func formUnion(_ other: ScalarSet) {
        if other.isNegated, other.categories.isEmpty {
            ranges = Self.merged(ranges + Self.gaps(in: other.ranges))
        } else {
            ranges = Self.merged(ranges + other.ranges)
            categories += other.categories
        }
    }

    /// Whether a scalar is in the set.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        (isInRange(scalar.value) || categories.contains { $0.property.includes(scalar) != $0.isNegated }) != isNegated
    }

    private func isInRange(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private static func gaps(in ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        return next <= last ? gaps + [next...last] : gaps
    }
}

extension ScalarSet {
    /// `\d`: the ASCII digits.
    static let digits = ScalarSet([0x30...0x39])
    /// `\w`: ASCII letters, digits and the underscore.
    static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// `\s`: white space and line ends, as ECMAScript lists them.
    static let whitespace = ScalarSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F,
        0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What `.` does not match.
    static let lineEnds = ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])
}
