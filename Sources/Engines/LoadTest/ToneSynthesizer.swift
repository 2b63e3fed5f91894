import Audio
package import Conversation

/// A load-test engine: a 500 Hz tone of 60 ms for every character, with exact word ends, at next to no cost.
///
/// With it a benchmark measures the server, not a voice; the length of every answer is known beforehand.
package struct ToneSynthesizer: Synthesizer {
    package let providerName = "tone"

    /// How long a character, white space among them, sounds, in milliseconds.
    package static let millisecondsPerCharacter = 60
    private static let samplesPerCharacter = millisecondsPerCharacter * 8

    /// One character's tone; it holds 30 whole periods, so characters join without a click.
    private static let tone = ToneSource(frequency: 500).samples(milliseconds: millisecondsPerCharacter)

    /// Makes a synthesizer.
    package init() {}

    /// Sounds each character of the text, without white space at its ends; one chunk a word, and none if there is no letter and no digit.
    package func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        AsyncThrowingStream { continuation in
            let words = SpeakableText.hasWords(text) ? Self.words(of: text) : []
            for word in words { continuation.yield(Self.chunk(for: word)) }
            continuation.finish()
        }
    }

    /// A word's place in the text, in words, and the characters from the end of the word before to its own end.
    private struct Word {
        var index: Int
        var start: Int
        var end: Int
    }

    private static func words(of text: String) -> [Word] {
        var words: [Word] = []
        var position = 0
        var isInWord = false
        for character in text.drop(while: \.isWhitespace) {
            position += 1
            if character.isWhitespace {
                isInWord = false
            } else if isInWord {
                words[words.count - 1].end = position
            } else {
                words.append(Word(index: words.count, start: words.last?.end ?? 0, end: position))
                isInWord = true
            }
        }
        return words
    }

    private static func chunk(for word: Word) -> SpeechChunk {
        var samples: [Int16] = []
        samples.reserveCapacity((word.end - word.start) * samplesPerCharacter)
        for _ in word.start..<word.end { samples += tone }
        return SpeechChunk(samples: samples, words: [WordTiming(index: word.index, endMs: word.end * millisecondsPerCharacter)])
    }
}
