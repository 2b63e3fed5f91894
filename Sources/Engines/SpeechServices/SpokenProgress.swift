import Conversation

/// How far a voice has come with a text.
struct SpokenProgress: Sendable {
    /// How long a letter takes in ordinary speech, in ms, where the voice tells nothing of its words.
    private static let letterMs = 60

    /// What a voice leaves to another one.
    struct Handover: Sendable, Equatable {
        /// The words that are left, from the one that was being said.
        var rest: String
        /// How many words have been said in full.
        var wordCount: Int
        /// When the audio so far ends, in ms.
        var milliseconds: Int
        /// Words said in full whose ends nobody has told yet: estimates, worth telling only beside those of another voice.
        var untold: [WordTiming]
    }

    private let words: [Substring]
    private var samples = 0
    private var timings: [WordTiming] = []

    /// Begins with a text of which nothing has been said.
    init(of text: String) { words = text.split(whereSeparator: \.isWhitespace) }

    /// Takes note of audio.
    mutating func heard(_ chunk: SpeechChunk) {
        samples += chunk.samples.count
        timings += chunk.words
    }

    /// Whether anything can have been heard.
    var hasSound: Bool { samples > 0 }

    /// What another voice has to say: everything, where there was no audio, and never nothing, because the text was not finished.
    var handover: Handover {
        let milliseconds = samples / 8
        let ends = (timings.isEmpty ? endsByLetters : timings).filter { $0.endMs <= milliseconds }
        let last = max(0, words.count - 1)
        let count = samples == 0 ? 0 : min(last, (ends.map(\.index).max() ?? -1) + 1)
        return Handover(
            rest: words[count...].joined(separator: " "),
            wordCount: count,
            milliseconds: milliseconds,
            untold: timings.isEmpty ? ends.filter { $0.index < count } : []
        )
    }

    /// When each word ends where words take time in proportion to their letters.
    private var endsByLetters: [WordTiming] {
        var letters = 0
        return words.enumerated().map { index, word in
            letters += word.count + 1
            return WordTiming(index: index, endMs: letters * Self.letterMs)
        }
    }
}
