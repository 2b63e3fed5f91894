/// How one or more written words are said.
struct Reading: Sendable, Equatable {
    /// For each written word, what is said for it; empty for a word that is not said.
    var words: [[String]]
    /// Whether the full stop after the last word was part of the word and is not to be said as the end of a sentence.
    var dropsStop = false

    /// One written word said as these words.
    static func one(_ words: [String], dropsStop: Bool = false) -> Reading { Reading(words: [words], dropsStop: dropsStop) }
}
