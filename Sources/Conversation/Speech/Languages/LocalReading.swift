/// Reads numbers, signs, addresses and abbreviations in a language other than English.
struct LocalReading {
    private let language: SpokenLanguage
    private let point: ReadingPoint
    private let core: [Character]
    private var words: SpokenLanguage.Words { language.words }
    private var text: String { point.word.text }

    /// Reads the word at a place of a text, and those that belong to it: "3,50" and "€".
    static func read(_ point: ReadingPoint, in language: SpokenLanguage) -> Reading {
        LocalReading(language: language, point: point, core: point.word.core).reading
    }

    private var reading: Reading {
        // Most words are ordinary.
        if point.word.isOrdinary, words.currencies[text] == nil, words.units[text] == nil, words.short[text] == nil { return .one([text]) }
        if let address = SpokenAddress.address(in: core) { return .one(spelled(address)) }
        if let short = words.short[text], point.word.trail.hasPrefix(".") { return .one([short], dropsStop: !endsText) }
        if let unit = words.units[text], let amount = point.joinedPrevious, Amount(amount.core.filter { $0 != "-" }) != nil {
            return .one([amount.core == ["1"] ? unit.one : unit.many])
        }
        if let reading = money ?? time ?? date ?? ordinal ?? counted { return reading }
        return .one(point.word.isOrdinary ? [text] : compound)
    }

    private var endsText: Bool { point.next == nil || point.word.pause != nil }

    // MARK: Times and dates

    /// "14:30", "14.30 Uhr", "14h30".
    private var time: Reading? {
        let parts = core.split(omittingEmptySubsequences: false) { ":h.".contains($0) }
        guard parts.count == 2, let hour = Self.number(parts[0], 0...24), let minute = parts[1].isEmpty ? 0 : Self.number(parts[1], 0...59) else {
            return nil
        }
        let mark = core[parts[0].count]
        let namesHours = !words.hours.isEmpty && [words.hours, words.hours.lowercased()].contains(point.joinedNext?.text ?? "")
        guard mark == ":" && parts[1].count == 2 || mark == "h" && words.hours == "heures" || mark == "." && parts[1].count == 2 && namesHours else {
            return nil
        }
        var said = hour == 1 ? [words.oneHour] : [language.cardinal(hour)]
        if !words.hours.isEmpty, hour != 1 || !words.oneHour.contains(" ") { said.append(words.hours) }
        if minute > 0 { said += (words.hourJoiner.isEmpty ? [] : [words.hourJoiner]) + [language.cardinal(minute)] }
        return namesHours ? Reading(words: [said, []]) : .one(said)
    }

    /// "24.12.2026", "24.12." and "24/12/2026".
    private var date: Reading? {
        let parts = core.split(omittingEmptySubsequences: false) { "./".contains($0) }
        guard (2...3).contains(parts.count), let day = Self.number(parts[0], 1...31), let month = Self.number(parts[1], 1...12) else { return nil }
        let isDotted = core[parts[0].count] == "."
        // Without a year it is a date only where the second full stop says so.
        guard parts.count == 3 || isDotted && language.ordinal != nil && point.word.trail.hasPrefix(".") else { return nil }
        var said = [language.ordinal?(day, language.cardinal) ?? language.cardinal(day)]
        let joiner = words.dateJoiner.isEmpty ? [] : [words.dateJoiner]
        said += joiner + [words.months[month - 1]]
        if parts.count == 3 {
            guard parts[2].count == 4 || parts[2].count == 2, let year = Self.number(parts[2], 0...2999) else { return nil }
            said += joiner + [spelledYear(year)]
        }
        return .one(said, dropsStop: parts.count == 2 && !endsText)
    }

    /// "3." before a month or another word in German, "1º" and "2e" elsewhere.
    private var ordinal: Reading? {
        if let ordinal = language.ordinal, let number = Self.number(core[...], 1...31), point.word.trail == ".", let next = point.next {
            guard words.months.contains(next.text) || next.core.first?.isLowercase == true else { return nil }
            return .one([ordinal(number, language.cardinal)], dropsStop: true)
        }
        let digits = core.prefix(while: \.isDigit)
        guard let names = words.ordinalSigns[String(core[digits.count...])], let number = Self.number(digits, 1...99) else { return nil }
        return .one([number <= names.count ? names[number - 1] : language.cardinal(number)])
    }

    private static func number(_ characters: ArraySlice<Character>, _ range: ClosedRange<Int>) -> Int? {
        guard !characters.isEmpty, characters.count <= 4, characters.allSatisfy(\.isDigit), let number = Int(String(characters)) else { return nil }
        return range.contains(number) ? number : nil
    }

    private func spelledYear(_ year: Int) -> String { language.year?(year, language.cardinal) ?? language.cardinal(year) }

    // MARK: Amounts

    /// A number with a decimal comma and thousands in groups.
    private struct Amount {
        let whole: [Character]
        let fraction: [Character]?
        let isGrouped: Bool

        /// Reads a number such as 1.200,50; nil if the characters are none.
        init?(_ characters: [Character]) {
            let parts = characters.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first, characters.allSatisfy({ $0.isDigit || ".,".contains($0) }) else { return nil }
            var groups = first.split(separator: ".", omittingEmptySubsequences: false)
            var fraction = parts.count == 2 ? Array(parts[1]) : nil
            let isGrouped = groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 } && (1...3).contains(groups[0].count)
            // "3.5" as in English.
            if !isGrouped, groups.count == 2, fraction == nil { fraction = Array(groups.removeLast()) }
            guard isGrouped || groups.count == 1, fraction.map({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) ?? true else { return nil }
            whole = groups.flatMap(\.self)
            guard !whole.isEmpty else { return nil }
            self.fraction = fraction
            self.isGrouped = isGrouped
        }

        /// The whole number; nil if it is too long to be one.
        var value: Int? { whole.count <= 15 ? Int(String(whole)) : nil }
    }

    /// "3,50 €", "3,50 Euro", "€3,50" and "20 %".
    private var money: Reading? {
        // "R$ 3,50" and "EUR 20".
        if words.currencies[text] != nil, !point.word.core.contains(where: \.isLowercase), let next = point.joinedNext,
            let amount = Amount(next.core)
        {
            let spoken = said(amount, of: text)
            return Reading(words: [Array(spoken.prefix(1)), Array(spoken.dropFirst())])
        }
        var digits = core[...]
        var sign = ""
        for name in language.currencySigns where digits.starts(with: name) && digits.count > name.count {
            sign = name
            digits = digits.dropFirst(name.count)
            break
        }
        if sign.isEmpty, let last = digits.last, !last.isDigit {
            guard last == "%" || words.currencies[String(last)] != nil else { return nil }
            sign = String(last)
            digits = digits.dropLast()
        }
        guard let amount = Amount(Array(digits)) else { return nil }
        if !sign.isEmpty { return .one(said(amount, of: sign)) }
        guard let next = point.joinedNext?.text, next == "%" || words.currencies[next] != nil else { return nil }
        let spoken = said(amount, of: next)
        return Reading(words: [Array(spoken.prefix(1)), Array(spoken.dropFirst())])
    }

    private func said(_ amount: Amount, of sign: String) -> [String] {
        guard let names = words.currencies[sign] else { return said(amount) + [words.percent] }
        guard let value = amount.value else { return said(amount) + [names.many] }
        let isCents = amount.fraction?.count == 2
        guard isCents || amount.fraction == nil else { return said(amount) + [names.many] }
        let cents = amount.fraction.flatMap { Int(String($0)) } ?? 0
        if value == 0, cents > 0 { return [language.cardinal(cents), words.cents] }
        let whole = value == 1 ? [words.one, names.one] : [counting(value), names.many]
        return whole + (cents > 0 ? (words.centJoiner.isEmpty ? [] : [words.centJoiner]) + [language.cardinal(cents)] : [])
    }

    /// A whole number before its unit, "1 km", or in German before a noun.
    private var counted: Reading? {
        guard let next = point.joinedNext, let amount = Amount(core), amount.fraction == nil, let value = amount.value else { return nil }
        let isUnit = words.units[next.text] != nil
        guard isUnit || value == 1 && language.ordinal != nil && next.isCapitalised else { return nil }
        return .one([value == 1 ? words.one : counting(value)])
    }

    /// A number before what is counted: Spanish says "veintiún", not "veintiuno".
    private func counting(_ number: Int) -> String {
        let word = language.cardinal(number)
        guard words.one == "un", word.hasSuffix("uno"), words.and == "y" else { return word }
        return word.hasSuffix("veintiuno") ? word.dropLast(3) + "ún" : String(word.dropLast())
    }

    private func said(_ amount: Amount) -> [String] {
        var said = whole(amount.whole, isGrouped: amount.isGrouped || amount.fraction != nil)
        if let fraction = amount.fraction { said += [words.comma] + language.digits(fraction) }
        return said
    }

    /// Long numbers and those with a leading zero are codes, four digits may be a year.
    private func whole(_ digits: [Character], isGrouped: Bool) -> [String] {
        guard isGrouped || digits.count < 7, digits.first != "0" || digits.count == 1, let value = Int(String(digits)) else {
            return language.digits(digits)
        }
        return [isGrouped || digits.count != 4 ? language.cardinal(value) : spelledYear(value)]
    }

    // MARK: Everything else

    /// Letters, numbers and signs one after the other.
    private var compound: [String] {
        var said: [String] = []
        var index = 0
        while index < core.count {
            let start = index
            if core[index].isDigit {
                index = core[index...].firstIndex { !$0.isDigit && !".,".contains($0) } ?? core.count
                while !core[index - 1].isDigit { index -= 1 }
                let isPhone = start > 0 && core[start - 1] == "+"
                let run = Array(core[start..<index])
                if !isPhone, let amount = Amount(run) {
                    said += self.said(amount)
                } else {
                    for part in run.split(whereSeparator: { !$0.isDigit }) {
                        said += isPhone ? language.digits(part) : whole(Array(part), isGrouped: false)
                    }
                }
            } else if core[index].isLetter {
                index = core[index...].firstIndex { !$0.isLetter } ?? core.count
                let letters = String(core[start..<index])
                let unit = start > 0 && core[start - 1].isDigit ? words.units[letters] : nil
                said.append(unit.map { core[..<start] == ["1"] ? $0.one : $0.many } ?? letters)
            } else {
                index += 1
                let isBeforeNumber = index < core.count && core[index].isDigit
                if let name = name(core[start], isBeforeNumber: isBeforeNumber, isAfterNumber: start > 0 && core[start - 1].isDigit) {
                    said.append(name)
                }
            }
        }
        return said
    }

    private func name(_ sign: Character, isBeforeNumber: Bool, isAfterNumber: Bool) -> String? {
        switch sign {
        case "&": words.and
        case "+": words.plus
        case "=": words.equals
        case "@": words.at
        case "%": words.percent
        case "°": words.degrees
        case "#", "№": words.number
        case "_": words.underscore
        case "/": isBeforeNumber || isAfterNumber ? words.slash : nil
        case "-", "–", "—": isBeforeNumber ? isAfterNumber ? words.to : words.minus : nil
        default: words.currencies[String(sign)]?.many
        }
    }

    /// The parts of an address, its signs by name.
    private func spelled(_ address: [Character]) -> [String] {
        var said: [String] = []
        var index = 0
        while index < address.count {
            let start = index
            if address[index].isLetter {
                index = address[index...].firstIndex { !$0.isLetter } ?? address.count
                said.append(String(address[start..<index]))
                continue
            }
            index += 1
            switch address[start] {
            case ".": said.append(words.dot)
            case "/": said.append(words.slash)
            case "-": said.append(words.dash)
            case "_": said.append(words.underscore)
            case "@": said.append(words.at)
            case "+": said.append(words.plus)
            case let digit where digit.isDigit: said += language.digits([digit])
            default: break
            }
        }
        return said
    }
}
