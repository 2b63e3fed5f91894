/// Reads numbers, letters and hums, as recognisers write them, as words.
struct WordReader {
    let language: TurnWords

    /// The words of a text.
    func words(of text: String) -> [String] {
        let tokens = text.split { $0.isWhitespace || "-–—".contains($0) }
        // If the whole text is in capitals, capitals do not mark spelling.
        let spells = tokens.count == 1 || text.contains(where: \.isLowercase)
        var words: [String] = []
        var index = tokens.startIndex
        while index < tokens.endIndex {
            let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
            if let length = amountLength(tokens[index], before: words.last, next: next) {
                words.append(SpokenWords.amount)
                index += length
                continue
            }
            words += parts(of: tokens[index], spells: spells)
            index += 1
        }
        return joiningHums(joiningNumbers(words))
    }

    private func letters(of token: Substring) -> String {
        String(token.filter { $0.isLetter || $0.isNumber || $0 == "'" || $0 == "’" }).replacing("’", with: "'")
    }

    /// "415" is three digits and "ABC" three letters; apostrophes stay within words.
    private func parts(of token: Substring, spells: Bool) -> [String] {
        let letters = letters(of: token)
        guard letters.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
        if letters.allSatisfy(\.isNumber) { return letters.map(String.init) }
        let isCapital = letters.count <= Self.longestSpelling && letters.allSatisfy { $0.isUppercase || $0.isNumber }
        let isMixed = letters.contains(where: \.isNumber)
        if isCapital, letters.count > 1, isMixed || spells, isMixed || !language.isWord(letters.lowercased()) { return letters.map(String.init) }
        return [letters.lowercased()]
    }

    /// The number of tokens of an amount that begins here: 1, or 2 with its unit; nil if no amount begins here.
    private func amountLength(_ token: Substring, before: String?, next: Substring?) -> Int? {
        guard token.contains(where: \.isNumber) else { return nil }
        if token.contains(where: { "$€£¥%".contains($0) }) { return 1 }
        let number = token.drop { !$0.isLetter && !$0.isNumber }.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed()
        let written = String(number).lowercased()
        let digits = written.prefix(while: \.isNumber)
        if digits.count < written.count, isSuffix(written.dropFirst(digits.count)) { return 1 }
        if isTimeOrFraction(written) { return 1 }
        guard digits.count == written.count, !digits.isEmpty else { return nil }
        let unit = next.map { letters(of: $0).lowercased() } ?? ""
        if language.units.contains(unit) { return 2 }
        guard let before, !language.isDigit(before), next?.first?.isNumber != true else { return nil }
        if digits.count <= 2 { return language.announcing.contains(before) ? nil : 1 }
        return digits.count <= 4 && language.moments.contains(before) ? 1 : nil
    }

    /// "am" of "10am", and "h30" of "10h30".
    private func isSuffix(_ text: Substring) -> Bool {
        let suffix = text.replacing(".", with: "")
        let letters = suffix.prefix { !$0.isNumber }
        return language.suffixes.contains(String(letters)) && suffix[letters.endIndex...].allSatisfy(\.isNumber)
    }

    /// "7:30", "7.30" and "3.5"; "415.555" is a part of a telephone number.
    private func isTimeOrFraction(_ text: String) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { ":.,".contains($0) }
        return parts.count == 2 && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.isNumber) }
    }

    /// "treinta y tres" is two digits.
    private func joiningNumbers(_ words: [String]) -> [String] {
        guard !language.joiners.isEmpty else { return words }
        return words.indices.filter { index in
            guard language.joiners.contains(words[index]), index > 0, index + 1 < words.count else { return true }
            return !(language.digits.contains(words[index - 1]) && language.digits.contains(words[index + 1]))
        }.map { words[$0] }
    }

    /// "mm-hmm" and "uh huh" are one word each.
    private func joiningHums(_ words: [String]) -> [String] {
        var joined: [String] = []
        var index = words.startIndex
        while index < words.endIndex {
            if index + 1 < words.endIndex, Self.humStarts.contains(words[index]), Self.humEnds.contains(words[index + 1]) {
                joined.append(TurnWords.hum)
                index += 2
            } else {
                joined.append(Self.hums.contains(words[index]) ? TurnWords.hum : words[index])
                index += 1
            }
        }
        return joined
    }

    private static let longestSpelling = 8
    private static let humStarts: Set<String> = ["mm", "m", "hm", "um", "uh", "ah", "mmm"]
    private static let humEnds: Set<String> = ["hm", "hmm", "mm", "huh", "hum", "hah", "ha", "mmm"]
    private static let hums: Set<String> = ["mhm", "mmhmm", "mmhm", "uhhuh", "mm", "mmm"]
}
