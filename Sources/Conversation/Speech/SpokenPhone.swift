/// Telephone numbers, card numbers and the like: digit by digit, with pauses where they were written apart.
enum SpokenPhone {
    /// The most digits of an international number (E.164).
    private static let longest = 15
    /// A card's number is the longest that is written in groups.
    private static let mostGroups = 6

    /// Reads a number that is written in groups, in one word or in several.
    static func read(_ point: ReadingPoint) -> Reading? {
        guard isPart(point.word, isFirst: true) else { return nil }
        var groups: [[ArraySlice<Character>]] = []
        var taken = 0
        while taken < mostGroups, let word = point.word(after: taken), isPart(word, isFirst: taken == 0) {
            groups.append(self.groups(word.core))
            taken += 1
            // A bracket around the area code is part of the number, any other mark is its end.
            guard word.pause == nil, word.trail.isEmpty || (taken == 1 && word.trail == ")" && word.lead == "(") else { break }
        }
        let isInternational = point.word.core.first == "+"
        let isMarked = isInternational || (taken > 1 && point.word.core.first == "0" && point.word.core.count > 1)
        while taken > 0, !isNumber(groups.prefix(taken).map { $0.map(\.count) }, isMarked: isMarked) { taken -= 1 }
        guard taken > 0 else { return nil }
        return reading(Array(groups.prefix(taken)), isInternational: isInternational)
    }

    private static func reading(_ groups: [[ArraySlice<Character>]], isInternational: Bool) -> Reading {
        var spoken = SpokenNumber.groups(groups.flatMap { $0 })[...]
        if groups.count == 1, groups[0].count == 1 { spoken = [SpokenNumber.longDigits(Array(groups[0][0]))] }
        var words = groups.map { group in
            defer { spoken = spoken.dropFirst(group.count) }
            return spoken.prefix(group.count).flatMap { $0 }
        }
        if isInternational { words[0].insert("plus", at: 0) }
        return Reading(words: words)
    }

    /// Whether a word may be part of such a number.
    private static func isPart(_ word: WrittenWord, isFirst: Bool) -> Bool {
        guard let first = word.core.first, word.core.count <= longest + mostGroups, first.isDigit || (isFirst && first == "+") else { return false }
        guard word.lead.isEmpty || word.lead == "(" else { return false }
        return word.core.dropFirst().allSatisfy { $0.isDigit || "-.()".contains($0) } && word.core.last?.isDigit == true
    }

    private static func groups(_ core: [Character]) -> [ArraySlice<Character>] {
        core.split { !$0.isDigit }
    }

    /// Whether groups of these lengths, word by word, are a number to be told digit by digit.
    ///
    /// A plus or a zero at the head marks it as one whatever its groups are.
    private static func isNumber(_ words: [[Int]], isMarked: Bool) -> Bool {
        let groups = words.flatMap { $0 }
        let total = groups.reduce(0, +)
        if isMarked { return (7...longest).contains(total) }
        if [[3, 4], [3, 3, 4], [1, 3, 3, 4]].contains(groups) { return words.count == 1 || groups.count >= 3 }
        // Groups with hyphens, such as a social security number; groups of four, as on a card.
        if words.count == 1 { return groups.count >= 3 && total >= 7 && groups != [4, 2, 2] && groups.contains { $0 > 3 } }
        return words.count >= 3 && words.allSatisfy { $0 == [4] }
    }
}
