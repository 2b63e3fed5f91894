/// A word that holds more than letters: digits, signs, parts joined without a space.
struct SpokenCompound {
    private let point: ReadingPoint
    private let characters: [Character]
    private var index = 0
    private var words: [String] = []
    /// What is said for the next written word, where the amount needs it: "$3 million".
    private var nextWords: [String]?
    /// The sign of the first amount of a range that is said after the second: "$5-10".
    private var rangeCurrency: Currency?

    /// Reads any word, whatever it is made of.
    static func read(_ point: ReadingPoint) -> Reading {
        var compound = SpokenCompound(point: point)
        while compound.index < compound.characters.count { compound.step() }
        return Reading(words: [compound.words] + (compound.nextWords.map { [$0] } ?? []))
    }

    private init(point: ReadingPoint) {
        self.point = point
        characters = point.word.core
    }

    private mutating func step() {
        if takeAmount() { return }
        let start = index
        let character = characters[index]
        if character.isLetter {
            index = endOfLetters(from: index)
            words.append(String(characters[start..<index]))
            return
        }
        index += 1
        if ",;:!?…—–".contains(character), character != ":" || !isNumeric(at: index) {
            // A mark without a space after it still parts two words.
            let mark = "—–".contains(character) ? "," : String(character)
            if !isNumeric(at: start + 1) { words = SpokenNumber.changingLast(of: words) { $0.last?.isLetter == true ? $0 + mark : $0 } }
            return
        }
        // A sign that is repeated is said once, but for "C++".
        if character != "+", start > 0, characters[start - 1] == character { return }
        words += SpokenSymbol.words(
            character,
            before: start > 0 ? characters[start - 1] : nil,
            after: index < characters.count ? characters[index] : nil
        )
    }

    /// Takes the amount that begins here, if one does.
    private mutating func takeAmount() -> Bool {
        var place = index
        let isMinus = "-−".contains(characters[place]) && !isAfterLetterOrDigit && place + 1 < characters.count
        if isMinus { place += 1 }
        let currency = Currency.of(characters[place])
        if currency != nil { place += 1 }
        guard place < characters.count, isNumeric(at: place), let number = WrittenNumber(characters, at: place) else { return false }
        if characters[place] == ".", currency == nil, isAfterLetterOrDigit { return false }
        if isMinus { words.append("minus") }
        index = number.end
        if let currency = currency ?? rangeCurrency {
            takeMoney(number, currency)
        } else if !takeVersion(number, from: place), !takeFraction(number) {
            takeSuffix(of: number)
        }
        takeRange()
        return true
    }

    /// "to" between two amounts.
    private mutating func takeRange() {
        guard index + 1 < characters.count, "-–—".contains(characters[index]) else { return }
        guard isNumeric(at: index + 1) || Currency.of(characters[index + 1]) != nil else { return }
        words.append("to")
        index += 1
    }

    /// "five dollars", with the thousands that may follow.
    private mutating func takeMoney(_ number: WrittenNumber, _ currency: Currency) {
        rangeCurrency = nil
        let suffix = String(characters[index..<endOfLetters(from: index)])
        let powers = ["k": "thousand", "K": "thousand", "m": "million", "M": "million", "b": "billion", "B": "billion", "bn": "billion"]
        if let power = powers[suffix] {
            index += suffix.count
            words += number.words(.amount) + [power, currency.names.many]
        } else if index == characters.count, let next = point.joinedNext?.text, SpokenUnit.magnitudes.contains(next) {
            words += number.words(.amount)
            nextWords = [next, currency.names.many]
        } else if index + 1 < characters.count, "-–".contains(characters[index]), characters[index + 1].isDigit {
            rangeCurrency = currency
            words += number.words(.amount)
        } else {
            words += currency.words(number)
        }
    }

    /// Numbers with several points: a version, or an address of the internet.
    private mutating func takeVersion(_ number: WrittenNumber, from start: Int) -> Bool {
        guard number.fraction != nil, !number.isGrouped, characters[start].isDigit, index + 1 < characters.count else { return false }
        guard characters[index] == ".", characters[index + 1].isDigit else { return false }
        let end = characters[start...].firstIndex { !$0.isDigit && $0 != "." } ?? characters.count
        let parts = characters[start..<end].split(separator: ".")
        for (place, part) in parts.enumerated() {
            if place > 0 { words.append(parts.count == 4 ? "dot" : "point") }
            words += WrittenNumber(Array(part), at: 0)?.words(.amount) ?? []
        }
        index = end
        return true
    }

    /// "three quarters", "one and a half"; numbers beside a slash that are no fraction are said one after the other.
    private mutating func takeFraction(_ number: WrittenNumber) -> Bool {
        guard let above = number.value, index < characters.count, characters[index] == "/" else { return false }
        guard let below = WrittenNumber(characters, at: index + 1), let parts = below.value, above > 0, above < parts else { return false }
        guard [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 32, 100].contains(parts) else { return false }
        let names = parts == 2 ? ["half"] : parts == 4 ? ["quarter"] : SpokenNumber.ordinal(parts)
        let isMixed = point.joinedPrevious?.isDigits == true && words.isEmpty
        words += (isMixed ? ["and"] : []) + SpokenNumber.cardinal(above)
        words += above == 1 ? names : SpokenNumber.changingLast(of: names) { $0 == "half" ? "halves" : "\($0)s" }
        index = below.end
        return true
    }

    /// A number with what is written on to it: "1st", "90s", "5km", "10k", "50%".
    private mutating func takeSuffix(of number: WrittenNumber) {
        let letters = String(characters[index..<endOfLetters(from: index)])
        let unitEnd = characters[index...].firstIndex { !SpokenUnit.isPart($0) } ?? characters.count
        let unit = unitEnd - index <= 4 ? String(characters[index..<unitEnd]) : letters
        if ["st", "nd", "rd", "th"].contains(letters.lowercased()), let value = number.value {
            words += SpokenNumber.ordinal(value)
            index += letters.count
        } else if letters == "s", let value = number.value, value.isMultiple(of: 10), value >= 20 {
            words += SpokenNumber.decade(value)
            index += 1
        } else if let name = [unit, letters].lazy.compactMap({ SpokenUnit.words($0, isOne: number.isOne) }).first {
            words += number.words(.amount) + name
            index += SpokenUnit.words(unit, isOne: true) != nil ? unit.count : letters.count
        } else if let power = ["k": "thousand", "M": "million", "bn": "billion"][letters] {
            words += number.words(.amount) + [power]
            index += letters.count
        } else if letters == "x" {
            words += number.words(.amount) + (isNumeric(at: index + 1) ? ["by"] : ["times"])
            index += 1
        } else if index < characters.count, let currency = Currency.of(characters[index]) {
            words += currency.words(number)
            index += 1
        } else {
            words += plain(number)
        }
    }

    /// A number that stands alone, by what is around it.
    private func plain(_ number: WrittenNumber) -> [String] {
        guard index == characters.count else { return number.words(.alone) }
        if point.word.isDigits {
            if let value = number.value, let day = SpokenDate.day(value, at: point) { return day }
            if characters == ["9", "1", "1"] || isCode { return SpokenNumber.longDigits(characters) }
        }
        return number.words(SpokenUnit.isNext(after: point) ? .amount : .alone)
    }

    /// Whether the words before say that the digits are a code, which nobody says as a number: "code 4821", "the PIN is 4821".
    private var isCode: Bool {
        let names: Set<String> = ["code", "pin", "passcode", "zip", "extension", "ext", "account"]
        return point.words[max(0, point.index - 2)..<point.index].contains { names.contains($0.text.lowercased()) }
    }

    private var isAfterLetterOrDigit: Bool { index > 0 && (characters[index - 1].isLetter || characters[index - 1].isDigit) }

    /// Whether a number begins at `place`.
    private func isNumeric(at place: Int) -> Bool {
        guard place < characters.count else { return false }
        return characters[place].isDigit || (characters[place] == "." && place + 1 < characters.count && characters[place + 1].isDigit)
    }

    /// Just after a word of letters; an apostrophe among them is part of it.
    private func endOfLetters(from start: Int) -> Int {
        var end = start
        while end < characters.count {
            let isInside = "'’".contains(characters[end]) && end > start && end + 1 < characters.count && characters[end + 1].isLetter
            guard characters[end].isLetter || isInside else { break }
            end += 1
        }
        return end
    }
}
