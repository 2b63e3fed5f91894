/// A part of an answer that is synthesised in one go, and where its words lie in the answer's audio.
struct AnswerPiece: Sendable {
    /// How long a letter takes in ordinary speech, in ms; for audio whose length is not known yet.
    private static let letterMs = 60

    /// The words as the assistant wrote them.
    let text: String
    /// The words as they are said.
    let spoken: SpokenText
    /// Where its audio begins in the answer's audio, in samples.
    let start: Int
    /// The round of asking that it belongs to.
    let round: Int
    /// Whether it only fills the time until the answer, of which it is no part.
    let isFiller: Bool
    /// The request that asks for its audio; nil where nothing was asked.
    var id: Int?
    /// Its audio so far, in samples.
    var length = 0
    /// Where words of ``spoken`` end, counted from the piece's start.
    var words: [WordTiming] = []
    var isComplete = false
    /// Whether the voice failed before the end of the text.
    var isBroken = false

    init(text: String, start: Int, round: Int = 0, isFiller: Bool = false, language: String? = nil) {
        self.text = text
        self.start = start
        self.round = round
        self.isFiller = isFiller
        spoken = SpokenText(text, in: language)
    }

    /// Milliseconds that hold this many samples at 8,000 Hz.
    static func ms(_ samples: Int) -> Int { (samples + 7) / 8 }

    /// The words of this piece, as written, that lie within the answer's first `playedMs` of audio; text without any sound has none.
    ///
    /// A word counts as heard once half of it has been played; a listener has it by then.
    func heardWords(playedMs: Int) -> [Substring] {
        let within = min(playedMs - start / 8, Self.ms(length))
        guard length > 0, within > 0 else { return [] }
        let written = text.split(whereSeparator: \.isWhitespace)
        if isComplete, !isBroken, within >= Self.ms(length) { return written }
        let said = words.isEmpty ? wordsByLetters(within: within) : wordsByTiming(within: within)
        return Array(written.prefix(writtenWords(said: said)))
    }

    /// Where the word begins that is being said at `playedMs` of the answer, in ms of its audio; the place itself where nobody knows.
    func wordStartMs(before playedMs: Int) -> Int {
        let within = playedMs - start / 8
        let previous = words.map(\.endMs).filter { $0 <= within }.max()
        return words.isEmpty ? playedMs : start / 8 + (previous ?? 0)
    }

    /// How many written words have been said in full by the first spoken ones: "$5" is several spoken words.
    private func writtenWords(said: Int) -> Int {
        guard said > 0, !spoken.sources.isEmpty else { return 0 }
        let last = min(said, spoken.sources.count) - 1
        let source = spoken.sources[last]
        let isInMiddle = last + 1 < spoken.sources.count && spoken.sources[last + 1] == source
        return isInMiddle ? source : source + 1
    }

    /// Engines without timings: words take time in proportion to their letters.
    private func wordsByLetters(within: Int) -> Int {
        let all = spoken.text.split(separator: " ")
        let letters = all.reduce(0) { $0 + $1.count + 1 }
        let lengthMs = isComplete && !isBroken ? Self.ms(length) : max(Self.ms(length), letters * Self.letterMs)
        var said = 0
        return all.prefix { word in
            defer { said += word.count + 1 }
            return (said + word.count / 2) * lengthMs <= within * letters
        }.count
    }

    private func wordsByTiming(within: Int) -> Int {
        var heard = 0
        var previousEndMs = 0
        for timing in words.sorted(by: { $0.index < $1.index }) {
            guard (previousEndMs + timing.endMs) / 2 <= within else { break }
            heard = timing.index + 1
            previousEndMs = timing.endMs
        }
        return heard
    }
}
