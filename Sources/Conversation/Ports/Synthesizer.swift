/// Text to speech.
///
/// One synthesizer is shared by all calls.
package protocol Synthesizer: Sendable {
    /// The engine's name as the `--tts` option knows it.
    var providerName: String { get }

    /// Speaks `text`, giving the audio in order as it is made.
    ///
    /// Ending the iteration early stops the synthesis soon after. A text without letters and digits (blank, punctuation, emoji) gives no chunk.
    /// All other text gives sound or an error, never neither: the caller would count as having heard it.
    /// - Parameter text: plain words, at most a few sentences.
    /// - Returns: chunks that join without gaps; the stream throws ``EngineError`` if the engine failed, with `invalid` if this voice cannot say
    ///   the text, for example because it is in another script.
    func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error>
}

/// A piece of synthesised speech.
package struct SpeechChunk: Sendable, Equatable {
    /// Mono 16-bit samples at 8,000 Hz.
    package var samples: [Int16]
    /// Where words end, as far as this engine says; positions count from the start of the text and of its audio.
    package var words: [WordTiming]

    /// Whether anything can be heard of it: digital silence and its dither stay below -60 dB.
    var isAudible: Bool { samples.contains { $0 > 32 || $0 < -32 } }

    /// Makes a chunk.
    package init(samples: [Int16], words: [WordTiming] = []) {
        self.samples = samples
        self.words = words
    }
}

/// When one word of a spoken text has been said in full.
package struct WordTiming: Sendable, Equatable, Codable {
    /// The word's place in the text, counted from 0 in words separated by white space.
    package var index: Int
    /// Milliseconds from the first sample of the text's audio to the end of the word.
    package var endMs: Int

    /// Makes a timing.
    package init(index: Int, endMs: Int) {
        self.index = index
        self.endMs = endMs
    }
}
