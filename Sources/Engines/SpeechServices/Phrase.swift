import Conversation

/// A text's whole speech, cut for the way to a caller.
struct Phrase: Sendable, Equatable {
    /// The longest chunk, in samples at 8 kHz (200 ms).
    private static let longestChunk = 1_600

    /// The speech, in order.
    let chunks: [SpeechChunk]
    /// The memory it takes.
    let bytes: Int

    /// Cuts speech; each word is told with the sound that ends it.
    init(samples: [Int16], words: [WordTiming]) {
        bytes = samples.count * MemoryLayout<Int16>.size + words.count * MemoryLayout<WordTiming>.size
        var rest = words.sorted { $0.index < $1.index }[...]
        chunks = stride(from: 0, to: samples.count, by: Self.longestChunk).map { start in
            let end = min(start + Self.longestChunk, samples.count)
            let ended = end == samples.count ? rest : rest.prefix { $0.endMs * 8 <= end }
            rest = rest.dropFirst(ended.count)
            return SpeechChunk(samples: Array(samples[start..<end]), words: Array(ended))
        }
    }
}
