import Conversation
import Foundation
import Synchronization

/// Transcribes clips with a Whisper model; blocks until a clip is done.
///
/// Follows sherpa-onnx's features and order of steps. We do not use sherpa-onnx itself because it cannot cancel a decode, its idle threads spin, and the
/// language is a setting of the whole model.
final class WhisperRecognizer: Sendable {
    /// What was read in a clip.
    struct Reading: Sendable, Equatable {
        /// As the model says it: with a leading space and whatever it makes of silence.
        var text: String
        /// How likely the model finds its tokens, 0 to 1: the geometric mean.
        var confidence: Double
        /// The language that the model guessed, in its own code, and how likely it finds it among all it knows; nil if it was told.
        var guess: LanguageGuess?
        /// Whether the model repeated itself; the text then has what was repeated once.
        var isLoop = false
    }

    /// A language that was guessed.
    struct LanguageGuess: Sendable, Equatable {
        /// The model's code.
        var code: String
        /// 0 to 1.
        var probability: Double
    }

    /// The rate that the model wants, in Hz.
    static let sampleRate = 16_000
    /// The maximum number of threads for one clip.
    static let defaultThreads = min(4, ProcessInfo.processInfo.activeProcessorCount)
    /// Silence behind a clip, in frames of 10 ms, where the model does not say: with less, Whisper repeats itself instead of ending (docs/benchmarks.md).
    private static let usualPadding = 1_000
    /// The same behind a clip of up to 4 s; the encoder's time grows with the sum.
    private static let shortClip = (samples: 4 * sampleRate, padding: 800)
    /// How a clip is read again if the model repeats itself: samples of silence before it, and silence behind it in frames of 10 ms.
    ///
    /// Different windows on the same sound often break a repetition.
    private static let otherWindows = [(lead: 320, padding: 1_200), (lead: 0, padding: 1_500)]
    /// The usual maximum of tokens in a second of speech.
    ///
    /// Digits separated by commas can exceed it.
    private static let tokensPerSecond = 6

    private let weights: WhisperWeights
    private let tokens: WhisperTokens
    /// Tokens of symbols that callers do not say.
    private let unsaid: Set<Int>
    /// What the model says of the silence behind a clip; nil if nothing.
    private let padding: Int?
    /// Rooms that no clip is read in.
    private let rooms = Mutex<[WhisperRoom]>([])

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - library: the path of ONNX Runtime.
    ///   - threads: how many work on one clip.
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    init(model: WhisperModel, library: String, threads: Int = WhisperRecognizer.defaultThreads) throws(EngineError) {
        weights = try WhisperWeights(model, library: library, threads: threads)
        tokens = try WhisperTokens(reading: model.tokens, atLeast: model.layout.endOfText - 1)
        unsaid = tokens.numbers(ofOnly: WhisperSearch.unsaid)
        padding = model.tailPaddings > 0 ? model.tailPaddings : nil
    }

    /// Reads one clip.
    ///
    /// - Parameters:
    ///   - samples: mono, -1 to 1, at ``sampleRate``.
    ///   - language: a code that the model knows; nil has it guess. A model of one language ignores it.
    ///   - stop: ends the reading early; it then fails.
    /// - Returns: what it heard.
    /// - Throws: ``EngineError`` with `failed`.
    func read(_ samples: [Float], in language: String?, until stop: ReadingStop = ReadingStop()) throws(EngineError) -> Reading {
        let room = if let free = rooms.withLock({ $0.popLast() }) { free } else { try WhisperRoom(weights) }
        defer { rooms.withLock { $0.append(room) } }
        return try stop.whileReading(in: room) { () throws(EngineError) -> Reading in
            let usual = samples.count <= Self.shortClip.samples ? Self.shortClip.padding : Self.usualPadding
            let first = try read(samples, in: language, padding: padding ?? usual, room)
            guard first.isLoop, !weights.layout.isSmall else { return first }
            for window in Self.otherWindows {
                let other = try read([Float](repeating: 0, count: window.lead) + samples, in: language, padding: window.padding, room)
                if !other.isLoop { return other }
            }
            return first
        }
    }

    private func read(_ samples: [Float], in language: String?, padding: Int, _ room: WhisperRoom) throws(EngineError) -> Reading {
        let layout = weights.layout
        let usualCount = samples.count * Self.tokensPerSecond / Self.sampleRate
        let limit = min(usualCount * 2 + 2, layout.textPositions / 2, layout.textPositions - 1 - layout.promptCount)
        try room.encode(samples, padding: padding, tokens: layout.promptCount + limit)
        let told = language.flatMap(layout.token)
        let guess = told == nil && !layout.languages.isEmpty ? try self.guess(in: room) : nil
        let token = told ?? guess.flatMap { layout.token(of: $0.code) }
        var reading = try read(in: room, language: token, usualCount: usualCount, limit: limit)
        reading.guess = guess
        return reading
    }

    /// Searches for the likeliest text of the clip in the room.
    private func read(in room: WhisperRoom, language: Int?, usualCount: Int, limit: Int) throws(EngineError) -> Reading {
        let layout = weights.layout
        var search = WhisperSearch(in: room, prompt: layout.prompt(language: language), end: layout.endOfText, unsaid: unsaid)
        let said = try search.likeliest(limit: limit, usualCount: usualCount)
        let text = tokens.text(of: said.isLoop ? Self.withoutRepetition(said.tokens) : said.tokens)
        return Reading(text: text, confidence: exp(said.mean), isLoop: said.isLoop)
    }

    /// Whether tokens end in the same few, three times or more, and six tokens at least.
    static func repeatsItself(_ tokens: [Int]) -> Bool { period(of: tokens) != nil }

    /// Tokens up to the end of what they repeat for the first time.
    static func withoutRepetition(_ tokens: [Int]) -> [Int] {
        guard let period = period(of: tokens) else { return tokens }
        var end = tokens.count
        while end > period, tokens[end - 1] == tokens[end - 1 - period] { end -= 1 }
        return Array(tokens[..<end])
    }

    /// How many tokens are repeated at the end; nil if none are.
    private static func period(of tokens: [Int]) -> Int? {
        (1...max(1, tokens.count / 3)).first { period in
            let length = max(3 * period, 6)
            guard tokens.count >= length else { return false }
            let end = tokens.suffix(length)
            return zip(end, end.dropFirst(period)).allSatisfy { $0 == $1 }
        }
    }

    /// The likeliest language of the clip in the room.
    private func guess(in room: WhisperRoom) throws(EngineError) -> LanguageGuess? {
        let layout = weights.layout
        try room.step([layout.start[0]])
        let scores = layout.languageTokens.map { exp(room.logProbability(of: $0, after: 0)) }
        room.seek(0)
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
        return LanguageGuess(code: layout.languages[best], probability: scores[best] / max(scores.reduce(0, +), .leastNormalMagnitude))
    }
}
