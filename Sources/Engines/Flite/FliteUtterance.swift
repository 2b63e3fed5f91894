import Audio
import Conversation

/// One text on its way from flite to the caller: brings the voice's sound to the telephone's rate and level, and places its words in time.
///
/// Used by one worker thread alone.
final class FliteUtterance {
    /// How much sound flite hands over at once: 80 ms at its rate.
    ///
    /// Less costs more, more delays the first sound.
    static let chunkSamples = 1_280

    /// What is kept of the pause that flite begins every text with, in ms; a caller would wait some 240 ms more for nothing.
    static let keptOpeningMs = 20

    /// Whether the words of the current piece are still to be taken.
    private(set) var needsWords = false
    /// Whether the listener has gone.
    private(set) var isStopped = false

    /// Whether any sound was given.
    var hasSound: Bool { samplesGiven > 0 }

    private let resampler: Resampler
    private let yield: (SpeechChunk) -> Bool
    private var wordIndices: [Int] = []
    /// Words whose end has not been reached by the samples given.
    private var pending: [WordTiming] = []
    private var lastEnd = 0
    /// How much sound flite has made, in samples at its rate.
    private(set) var samplesTaken = 0
    /// How much of the opening pause is left out, in samples at the voice's rate; nil until flite has said how long it is.
    private var openingSamples: Int?
    /// How much of it is still to come.
    private var openingLeft = 0
    private var samplesGiven = 0

    /// Makes a text's sound ready to be taken.
    ///
    /// - Parameter yield: takes a chunk; false when nobody listens any more.
    /// - Throws: ``AudioError`` where the rate cannot be converted.
    init(yield: @escaping (SpeechChunk) -> Bool) throws(AudioError) {
        resampler = try Resampler(from: FliteVoice.sampleRate, to: 8_000)
        self.yield = yield
    }

    /// Prepares for the next piece of the text.
    func begin(_ piece: SpeakableText.Piece) {
        wordIndices = piece.wordIndices
        needsWords = true
    }

    /// Takes the ends of the current piece's words and of the pause before the first, in milliseconds from the piece's start.
    func takeWords(_ ends: [Int], openingMs: Int) {
        needsWords = false
        if openingSamples == nil {
            openingLeft = max(0, openingMs - Self.keptOpeningMs) * FliteVoice.sampleRate / 1_000
            openingSamples = openingLeft
        }
        let pieceStart = samplesTaken * 1_000 / FliteVoice.sampleRate
        for (index, end) in zip(wordIndices, ends) {
            lastEnd = max(lastEnd, pieceStart + end)
            pending.append(WordTiming(index: index, endMs: lastEnd))
        }
    }

    /// Takes samples at the voice's rate; false when synthesis should stop.
    func take(_ samples: [Int16]) -> Bool {
        samplesTaken += samples.count
        let leftOut = min(openingLeft, samples.count)
        openingLeft -= leftOut
        give(resampler.process(Array(samples[leftOut...])), isLast: false)
        return !isStopped
    }

    /// Gives what is left after the last piece.
    func finish() {
        give(resampler.finish(), isLast: true)
    }

    private func give(_ samples: [Int16], isLast: Bool) {
        guard !isStopped, !samples.isEmpty || isLast && !pending.isEmpty else { return }
        samplesGiven += samples.count
        let leftOutMs = (openingSamples ?? 0) * 1_000 / FliteVoice.sampleRate
        let reached = isLast ? pending.count : pending.prefix { ($0.endMs - leftOutMs) * 8 <= samplesGiven }.count
        let words = pending.prefix(reached).map { WordTiming(index: $0.index, endMs: max(0, $0.endMs - leftOutMs)) }
        let chunk = SpeechChunk(samples: samples.map(TelephoneLevel.limited), words: words)
        pending.removeFirst(reached)
        isStopped = !yield(chunk)
    }
}
