/// A number in digits as it stands in a text: 7, 1,200 or 3.5.
struct WrittenNumber: Sendable, Equatable {
    /// What a number is there for.
    enum Use {
        /// It stands for itself: four digits may be a year, many digits a code.
        case alone
        /// It counts something.
        case amount
    }

    /// The digits before the point, without separators.
    let whole: [Character]
    /// Whether the thousands were separated, so that it is no year and no code.
    let isGrouped: Bool
    /// The digits after the point, if there is one.
    let fraction: [Character]?
    /// Just after its last character.
    let end: Int

    /// Reads the number that begins at `start`, if one does.
    init?(_ characters: [Character], at start: Int) {
        var end = Self.endOfDigits(characters, from: start)
        var whole = Array(characters[start..<end])
        var isGrouped = false
        while (1...3).contains(whole.count) || isGrouped, end < characters.count, characters[end] == "," {
            let groupEnd = Self.endOfDigits(characters, from: end + 1)
            guard groupEnd == end + 4 else { break }
            whole += characters[(end + 1)..<groupEnd]
            isGrouped = true
            end = groupEnd
        }
        var fraction: [Character]?
        if end < characters.count, characters[end] == "." {
            let fractionEnd = Self.endOfDigits(characters, from: end + 1)
            if fractionEnd > end + 1 {
                fraction = Array(characters[(end + 1)..<fractionEnd])
                end = fractionEnd
            }
        }
        guard !whole.isEmpty || fraction != nil else { return nil }
        (self.whole, self.isGrouped, self.fraction, self.end) = (whole, isGrouped, fraction, end)
    }

    /// The number, if it is a whole one of bearable size.
    var value: Int? { fraction == nil ? wholeValue : nil }

    /// Whether it is exactly one, which takes the singular.
    var isOne: Bool { value == 1 }

    /// In words.
    func words(_ use: Use) -> [String] {
        guard let fraction else { return wholeWords(use) }
        let before = whole.isEmpty ? [] : wholeWords(.amount)
        return before + ["point"] + SpokenNumber.digits(fraction)
    }

    /// The words of what is before the point.
    func wholeWords(_ use: Use) -> [String] {
        guard let value = wholeValue, whole.count == 1 || whole.first != "0" else { return SpokenNumber.longDigits(whole) }
        guard use == .alone, !isGrouped else { return SpokenNumber.cardinal(value) }
        if (1100...2099).contains(value) { return SpokenNumber.year(value) }
        return whole.count >= 7 ? SpokenNumber.longDigits(whole) : SpokenNumber.cardinal(value)
    }

    private var wholeValue: Int? { whole.count > SpokenNumber.longestValue ? nil : Int(String(whole)) }

    /// Just after the digits that begin at `start`.
    static func endOfDigits(_ characters: [Character], from start: Int) -> Int {
        var end = start
        while end < characters.count, characters[end].isDigit { end += 1 }
        return end
    }
}

extension Character {
    /// Whether it is one of 0 to 9.
    var isDigit: Bool { ("0"..."9").contains(self) && isASCII }
}
