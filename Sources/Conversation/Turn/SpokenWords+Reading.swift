/// How recognisers write numbers, letters and hums, read as words.
extension SpokenWords {
    /// Stands for a number that is a quantity, a price, a time or a date.
    static let amount = "#amount"
    /// Stands for every spelling of a hum such as "mm-hmm".
    static let hum = "mhm"

    /// The words of a text.
    static func words(of text: String) -> [String] {
        let tokens = text.split { $0.isWhitespace || "-–—".contains($0) }
        // If the whole text is in capitals, capitals do not mark spelling.
        let spells = tokens.count == 1 || text.contains(where: \.isLowercase)
        var words: [String] = []
        var index = tokens.startIndex
        while index < tokens.endIndex {
            let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
            if let length = amountLength(tokens[index], before: words.last, next: next) {
                words.append(amount)
                index += length
                continue
            }
            words += parts(of: tokens[index], spells: spells)
            index += 1
        }
        return joiningHums(words)
    }

    private static func letters(of token: Substring) -> String {
        String(token.filter { $0.isLetter || $0.isNumber || $0 == "'" || $0 == "’" }).replacing("’", with: "'")
    }

    /// "415" is three digits and "ABC" three letters; apostrophes stay within words.
    private static func parts(of token: Substring, spells: Bool) -> [String] {
        let letters = letters(of: token)
        guard letters.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
        if letters.allSatisfy(\.isNumber) { return letters.map(String.init) }
        let isCapital = letters.count <= longestSpelling && letters.allSatisfy { $0.isUppercase || $0.isNumber }
        let isMixed = letters.contains(where: \.isNumber)
        if isCapital, letters.count > 1, isMixed || spells, isMixed || !isWord(letters.lowercased()) { return letters.map(String.init) }
        return [letters.lowercased()]
    }

    private static func isWord(_ word: String) -> Bool { closed.contains(word) || open.contains(word) || acronyms.contains(word) }

    /// The number of tokens of an amount that begins here: 1, or 2 with its unit; nil if no amount begins here.
    private static func amountLength(_ token: Substring, before: String?, next: Substring?) -> Int? {
        guard token.contains(where: \.isNumber) else { return nil }
        if token.contains(where: { "$€£¥%".contains($0) }) { return 1 }
        let number = token.drop { !$0.isLetter && !$0.isNumber }.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed()
        let written = String(number).lowercased()
        let digits = written.prefix(while: \.isNumber)
        if digits.count < written.count, suffixes.contains(String(written.dropFirst(digits.count)).replacing(".", with: "")) { return 1 }
        if isTimeOrFraction(written) { return 1 }
        guard digits.count == written.count, !digits.isEmpty else { return nil }
        let unit = next.map { letters(of: $0).lowercased() } ?? ""
        if units.contains(unit) { return 2 }
        guard let before, !isDigit(before), next?.first?.isNumber != true else { return nil }
        if digits.count <= 2 { return announcesNumber.contains(before) ? nil : 1 }
        return digits.count <= 4 && moments.contains(before) ? 1 : nil
    }

    /// "7:30", "7.30" and "3.5"; "415.555" is a part of a telephone number.
    private static func isTimeOrFraction(_ text: String) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { ":.,".contains($0) }
        return parts.count == 2 && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.isNumber) }
    }

    /// "mm-hmm" and "uh huh" are one word each.
    private static func joiningHums(_ words: [String]) -> [String] {
        var joined: [String] = []
        var index = words.startIndex
        while index < words.endIndex {
            if index + 1 < words.endIndex, humStarts.contains(words[index]), humEnds.contains(words[index + 1]) {
                joined.append(hum)
                index += 2
            } else {
                joined.append(hums.contains(words[index]) ? hum : words[index])
                index += 1
            }
        }
        return joined
    }

    private static let longestSpelling = 8
    private static let humStarts: Set<String> = ["mm", "m", "hm", "um", "uh", "ah", "mmm"]
    private static let humEnds: Set<String> = ["hm", "hmm", "mm", "huh", "hum", "hah", "ha", "mmm"]
    private static let hums: Set<String> = ["mhm", "mmhmm", "mmhm", "uhhuh", "mm", "mmm"]
    private static let acronyms: Set<String> = ["tv", "usa", "uk", "us", "eu", "id", "pdf", "usb", "gps", "sms", "dvd", "asap", "rsvp", "faq", "atm"]
    /// Behind digits, in the same token.
    private static let suffixes: Set<String> = ["am", "pm", "st", "nd", "rd", "th", "h", "k", "km", "kg", "m", "x"]
    /// Behind a number, in the next token.
    private static let units: Set<String> = [
        "am", "pm", "o'clock", "oclock", "dollar", "dollars", "euro", "euros", "pound", "pounds", "cent", "cents", "percent", "people", "persons",
        "person",
        "guests", "adults", "children", "kids", "minutes", "minute", "hours", "hour", "days", "day", "weeks", "week", "months", "month", "years",
        "year", "nights", "times", "tickets", "rooms", "pieces", "miles", "kilometers", "january", "february", "march", "april", "may", "june",
        "july",
        "august", "september", "october", "november", "december",
    ]
    /// Before three or four digits that are a time or a year.
    private static let moments: Set<String> = [
        "at", "by", "until", "till", "around", "about", "before", "after", "past", "since", "in", "from", "january", "february", "march", "april",
        "may",
        "june", "july", "august", "september", "october", "november", "december",
    ]
}
