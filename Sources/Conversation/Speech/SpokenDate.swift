/// Dates in digits, and days and months side by side.
enum SpokenDate {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    /// The full name of a month, if the word is one or is short for one.
    static func month(_ word: String) -> String? {
        let isShort = word.count == 3 || word == "Sept"
        guard word.count >= 3, word.first?.isUppercase == true else { return nil }
        return months.first { $0 == word || (isShort && $0.hasPrefix(word)) }
    }

    /// Reads "2026-11-24", with a time after "T" or without, "11/24/2026", "24.11.2026", and the short name of a month beside a number.
    static func read(_ point: ReadingPoint) -> Reading? {
        let core = point.word.core
        if let words = isoDate(core) ?? numericDate(core) { return .one(words) }
        guard let month = month(point.word.text), month.count > core.count else { return nil }
        let isBeforeNumber = point.next?.core.first?.isDigit == true && [".", ""].contains(point.word.trail)
        let isAfterNumber = point.joinedPrevious?.isDigits == true
        return isBeforeNumber || isAfterNumber ? .one([month], dropsStop: !point.canEndSentence) : nil
    }

    /// The day of a month beside the month's name: "November 24", "24 November".
    static func day(_ value: Int, at point: ReadingPoint) -> [String]? {
        guard (1...31).contains(value), point.word.core.count <= 2 else { return nil }
        if let previous = point.previous, month(previous.text) != nil, [".", ""].contains(previous.trail), previous.pause == nil {
            return SpokenNumber.ordinal(value)
        }
        guard let next = point.joinedNext, month(next.text) != nil else { return nil }
        return SpokenNumber.ordinal(value) + ["of"]
    }

    private static func isoDate(_ core: [Character]) -> [String]? {
        let date = core.prefix(10)
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let words = words(year: parts[0], month: parts[1], day: parts[2]) else { return nil }
        guard core.count > 10 else { return words }
        // Seconds, their fractions and the zone are for machines.
        guard core[10] == "T", core.count >= 16, let time = SpokenTime.clock(core[11..<16]) else { return nil }
        return words + ["at"] + time
    }

    /// The month first, as in America, unless it can only be the day.
    private static func numericDate(_ core: [Character]) -> [String]? {
        guard core.count <= 10 else { return nil }
        let parts = core.split(omittingEmptySubsequences: false) { "/-.".contains($0) }
        guard parts.count == 3, parts[2].count == 4 else { return nil }
        return words(year: parts[2], month: parts[0], day: parts[1]) ?? words(year: parts[2], month: parts[1], day: parts[0])
    }

    private static func words(year: ArraySlice<Character>, month: ArraySlice<Character>, day: ArraySlice<Character>) -> [String]? {
        guard (year + month + day).allSatisfy(\.isDigit), month.count <= 2, day.count <= 2 else { return nil }
        guard let month = Int(String(month)), let day = Int(String(day)), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let dayWords = SpokenNumber.changingLast(of: SpokenNumber.ordinal(day)) { "\($0)," }
        return [months[month - 1]] + dayWords + (WrittenNumber(Array(year), at: 0)?.words(.alone) ?? [])
    }
}
