/// A place in a text while it is read, with the words around it.
struct ReadingPoint {
    /// All words of the text.
    let words: [WrittenWord]
    /// The word that is to be read.
    let index: Int

    /// The word that is to be read.
    var word: WrittenWord { words[index] }

    /// The word after it, if there is one.
    var next: WrittenWord? { word(after: 1) }

    /// The word before it, if there is one.
    var previous: WrittenWord? { index > 0 ? words[index - 1] : nil }

    /// The next word, if no mark parts the two.
    var joinedNext: WrittenWord? {
        guard word.trail.isEmpty, word.pause == nil, let next, next.lead.isEmpty else { return nil }
        return next
    }

    /// The word before it, if no mark parts the two.
    var joinedPrevious: WrittenWord? {
        guard index > 0 else { return nil }
        let before = ReadingPoint(words: words, index: index - 1)
        return before.joinedNext == nil ? nil : before.word
    }

    /// Whether a full stop here would end a sentence: nothing follows, or a capital letter, and no mark that goes on with it.
    var canEndSentence: Bool {
        guard !word.trail.dropFirst().contains(where: { ",;:".contains($0) }) else { return false }
        return next?.isCapitalised ?? true || word.pause != nil
    }

    /// The word so many words further on.
    func word(after count: Int) -> WrittenWord? {
        let place = index + count
        return words.indices.contains(place) ? words[place] : nil
    }
}
