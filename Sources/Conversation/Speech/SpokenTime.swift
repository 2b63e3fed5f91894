/// Times of day.
enum SpokenTime {
    private static let meridiems: [String: [String]] = [
        "am": ["a", "m"], "a.m": ["a", "m"], "pm": ["p", "m"], "p.m": ["p", "m"],
    ]

    /// Reads "7:30", "7pm", "9:00-17:00", and "pm" after a number.
    static func read(_ point: ReadingPoint) -> Reading? {
        let core = point.word.core
        if let words = meridiems[point.word.text.lowercased()] {
            guard point.joinedPrevious?.core.last?.isDigit == true else { return nil }
            return .one(words, dropsStop: !point.canEndSentence)
        }
        guard core.count <= 24, core.first?.isDigit == true else { return nil }
        let isBeforeMeridiem = point.joinedNext.map { meridiems[$0.text.lowercased()] != nil } ?? false
        let parts = core.split(omittingEmptySubsequences: false) { "-–—".contains($0) }
        guard parts.count <= 2, parts.contains(where: isTime) else { return nil }
        var words: [String] = []
        for (index, part) in parts.enumerated() {
            guard let time = clock(part, isBare: isBeforeMeridiem && index == parts.count - 1) else { return nil }
            words += (index > 0 ? ["to"] : []) + time
        }
        return .one(words, dropsStop: core.last == "m" && core.contains(".") && !point.canEndSentence)
    }

    /// One time in words, with the half of the day if it is there.
    ///
    /// It is bare when the half of the day follows in the next word, so that no "o'clock" is wanted.
    static func clock(_ text: ArraySlice<Character>, isBare: Bool = false) -> [String]? {
        let digits = text.prefix { $0.isDigit || $0 == ":" }
        let suffix = String(text[digits.endIndex...]).lowercased()
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard suffix.isEmpty || meridiems[suffix] != nil, (1...3).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.count) }) else {
            return nil
        }
        guard parts.dropFirst().allSatisfy({ $0.count == 2 }) else { return nil }
        let values = parts.compactMap { Int(String($0)) }
        guard let hour = values.first, hour <= 24, values.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
        return words(hour: hour, rest: Array(values.dropFirst()), isBare: isBare || !suffix.isEmpty) + (meridiems[suffix] ?? [])
    }

    private static func words(hour: Int, rest: [Int], isBare: Bool) -> [String] {
        var words = SpokenNumber.cardinal(hour)
        if rest == [0] { return words + (isBare ? [] : hour > 12 || hour == 0 ? ["hundred"] : ["o'clock"]) }
        for value in rest { words += (value < 10 ? [value == 0 ? "zero" : "oh"] : []) + (value == 0 ? ["zero"] : SpokenNumber.cardinal(value)) }
        return words
    }

    /// Whether it can be nothing else than a time.
    private static func isTime(_ text: ArraySlice<Character>) -> Bool {
        text.contains(":") || (text.last.map { "mM".contains($0) } ?? false)
    }
}
