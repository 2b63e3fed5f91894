/// A piece of an answer as it is said.
///
/// Markup is taken off, numbers, times, addresses and abbreviations are put in words, and what has no sound is left out, so that any voice
/// can say it. Ordinary words stay unchanged. In a language without data, numbers and signs stay unchanged too.
struct SpokenText: Sendable, Equatable {
    /// The words to be spoken, separated by single spaces, with punctuation that helps a voice; empty when there is nothing to say.
    private(set) var text: String
    /// For each white-space separated word of ``text``, the place (0-based) of the white-space separated word of the original that it speaks.
    private(set) var sources: [Int]

    /// The first rule that knows the word reads it.
    private static let rules: [@Sendable (ReadingPoint) -> Reading?] = [
        SpokenAddress.read, SpokenDate.read, SpokenPhone.read, SpokenTime.read, SpokenUnit.read, SpokenAbbreviation.read, SpokenSymbol.read,
        { $0.word.isOrdinary ? .one([$0.word.text]) : nil },
    ]

    /// Puts a text in words of a language (ISO 639-1); nil for English.
    init(_ original: String, in language: String? = nil) {
        let local = SpokenLanguage.of(language)
        let written = SpokenMarkdown.words(original)
        var spoken = SpeechWords()
        var index = 0
        while index < written.count {
            let point = ReadingPoint(words: written, index: index)
            let reading =
                if let local {
                    LocalReading.read(point, in: local)
                } else if SpokenLanguage.isEnglish(language) {
                    Self.rules.lazy.compactMap { $0(point) }.first ?? SpokenCompound.read(point)
                } else {
                    Reading.one([point.word.text].filter { !$0.isEmpty })
                }
            let taken = written[index..<(index + reading.words.count)]
            spoken.append(reading, of: taken)
            index += reading.words.count
        }
        text = spoken.words.joined(separator: " ")
        sources = spoken.sources
    }
}
