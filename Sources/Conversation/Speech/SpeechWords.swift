/// The words of a text as they are said, gathered one reading after the other.
struct SpeechWords: Sendable {
    /// The words.
    private(set) var words: [String] = []
    /// For each word, which word of the original it speaks.
    private(set) var sources: [Int] = []

    private static let rests: Set<Character> = [".", ",", "!", "?", ";", ":", "…"]
    private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "»"]

    /// Adds what is said for these written words, with the marks that stood around them.
    mutating func append(_ reading: Reading, of written: ArraySlice<WrittenWord>) {
        guard let first = written.first, let last = written.last else { return }
        let count = words.count
        for (spoken, word) in zip(reading.words, written) { for part in spoken { append(part, place: word.place) } }
        var trail = last.trail[...]
        if reading.dropsStop, trail.first == "." { trail = trail.dropFirst() }
        guard words.count > count else {
            rest(trail.first { Self.rests.contains($0) } ?? (isDash(first) ? "," : nil))
            return rest(last.pause)
        }
        // A bracket that closes within a number, as around an area code, is not said, and so is not its other half.
        if written.count == 1 || first.trail.isEmpty { words[count] = first.lead + words[count] }
        close(with: trail)
        rest(last.pause)
    }

    /// Adds a word, unless it would grow together with the spaces around it, which some signs of other scripts do.
    private mutating func append(_ word: String, place: Int) {
        let isApart = " \(word) ".first == " " && " \(word) ".last == " "
        let safe = isApart ? word : word.filter(\.isASCII)
        guard safe.contains(where: { $0.isLetter || $0.isNumber || $0.isCurrencySymbol || "%&+=".contains($0) }) else { return }
        words.append(safe)
        sources.append(place)
    }

    /// Puts the marks after the last word; a rest it has already is not said twice.
    private mutating func close(with trail: Substring) {
        guard let last = words.last else { return }
        let isResting = last.last.map { Self.rests.contains($0) } ?? false
        let isRestingTwice = isResting && trail.first.map { Self.rests.contains($0) } == true
        words[words.count - 1] = (isRestingTwice ? String(last.dropLast()) : last) + trail
    }

    private mutating func rest(_ pause: WrittenWord.Pause?) {
        switch pause {
        case .long: rest(".")
        case .short: rest(",")
        case nil: return
        }
    }

    /// Puts a mark after the last word, if it has none.
    private mutating func rest(_ mark: Character?) {
        guard let mark, let last = words.last, let end = last.last(where: { !Self.closers.contains($0) }), !Self.rests.contains(end) else { return }
        words[words.count - 1].append(mark)
    }

    private func isDash(_ word: WrittenWord) -> Bool {
        !word.core.isEmpty && word.core.allSatisfy { "-–—".contains($0) }
    }
}
