/// Numbers in English words.
enum SpokenNumber {
    /// Numbers of more digits than this are beyond `Int` and the names of its powers.
    static let longestValue = 18

    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let scales = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
    ]

    /// "one thousand two hundred five" of 1205.
    static func cardinal(_ value: Int) -> [String] {
        guard value >= 1000 else { return belowThousand(value) }
        var words: [String] = []
        var rest = value
        for scale in scales {
            let part = rest % 1000
            if part > 0 { words = belowThousand(part) + (scale.isEmpty ? [] : [scale]) + words }
            rest /= 1000
        }
        return words
    }

    /// "twenty third" of 23.
    static func ordinal(_ value: Int) -> [String] {
        changingLast(of: cardinal(value)) { last in
            if let irregular = irregularOrdinals[last] { return irregular }
            return last.hasSuffix("y") ? "\(last.dropLast())ieth" : "\(last)th"
        }
    }

    /// "nineteen ninety nine" of 1999, "two thousand five" of 2005.
    static func year(_ value: Int) -> [String] {
        let (century, rest) = value.quotientAndRemainder(dividingBy: 100)
        if (2000...2009).contains(value) { return cardinal(value) }
        if rest == 0 { return cardinal(century) + ["hundred"] }
        return cardinal(century) + (rest < 10 ? ["oh"] : []) + cardinal(rest)
    }

    /// "nineteen nineties" of 1990, "eighties" of 80.
    static func decade(_ value: Int) -> [String] {
        let all = (1100...2099).contains(value) ? year(value) : cardinal(value)
        // "hundreds", not "one hundreds".
        let words = all.count == 2 && all.first == "one" ? Array(all.dropFirst()) : all
        return changingLast(of: words) { $0.hasSuffix("y") ? "\($0.dropLast())ies" : $0.hasSuffix("x") ? "\($0)es" : "\($0)s" }
    }

    /// "seven three one" of "731".
    static func digits(_ text: some Sequence<Character>) -> [String] {
        text.compactMap { $0.isASCII ? $0.wholeNumberValue.map { small[$0] } : nil }
    }

    /// The digits of each group one by one, with a comma between the groups, at which a voice pauses.
    static func groups(_ groups: [ArraySlice<Character>]) -> [[String]] {
        var spoken = groups.map { digits($0) }
        for index in spoken.indices.dropLast() { spoken[index] = changingLast(of: spoken[index]) { "\($0)," } }
        return spoken
    }

    /// A long string of digits, cut as people tell them: 3-4, 3-3-4, 1-3-3-4, fours, else threes.
    static func longDigits(_ text: [Character]) -> [String] {
        var sizes: [Int]
        switch text.count {
        case ...5: sizes = [text.count]
        case 7: sizes = [3, 4]
        case 10: sizes = [3, 3, 4]
        case 11 where text.first == "1": sizes = [1, 3, 3, 4]
        case let count where count.isMultiple(of: 4): sizes = Array(repeating: 4, count: count / 4)
        case let count:
            sizes = Array(repeating: 3, count: count / 3)
            if count % 3 == 1 { sizes[sizes.count - 1] = 4 }
            if count % 3 == 2 { sizes.append(2) }
        }
        var start = 0
        let parts = sizes.map { size in
            defer { start += size }
            return text[start..<(start + size)]
        }
        return groups(parts).flatMap { $0 }
    }

    /// The words with the last one changed.
    static func changingLast(of words: [String], _ change: (String) -> String) -> [String] {
        guard let last = words.last else { return words }
        return words.dropLast() + [change(last)]
    }

    private static func belowThousand(_ value: Int) -> [String] {
        let (hundreds, rest) = value.quotientAndRemainder(dividingBy: 100)
        let hundred = hundreds > 0 ? [small[hundreds], "hundred"] : []
        return rest == 0 && hundreds > 0 ? hundred : hundred + belowHundred(rest)
    }

    private static func belowHundred(_ value: Int) -> [String] {
        guard value >= 20 else { return [small[value]] }
        return [tens[value / 10]] + (value.isMultiple(of: 10) ? [] : [small[value % 10]])
    }
}
