/// One question and its answer: from the caller's words to the last word the caller heard.
package struct Exchange: Sendable {
    /// A part of the answer that is synthesised in one go.
    struct Piece: Sendable {
        var text: String
        /// Where its audio begins in the answer's audio, in samples.
        var start: Int
        /// Its audio so far, in samples.
        var length = 0
        var words: [WordTiming] = []
        var isComplete = false
        /// Whether the voice failed before the end of the text.
        var isBroken = false
    }

    /// The turn both sides of the exchange belong to.
    package let turn: Int
    /// The answer so far, as it was made.
    package private(set) var answer = ""
    /// Whether the assistant has finished.
    package private(set) var isTextComplete = false
    /// The times of the turn so far.
    var ledger: TurnLedger
    private var unspoken = ""
    private(set) var pieces: [Piece] = []

    /// Begins an exchange.
    init(turn: Int, ledger: TurnLedger) {
        self.turn = turn
        self.ledger = ledger
    }

    /// Whether the answer is more than white space.
    var hasWords: Bool { !answer.allSatisfy(\.isWhitespace) }

    /// Adds what the assistant said next.
    mutating func append(_ token: String) {
        answer += token
        unspoken += token
    }

    /// Notes that the assistant has finished.
    mutating func completeText() {
        isTextComplete = true
    }

    /// Whether a piece is being synthesised.
    var isSynthesizing: Bool { pieces.last.map { !$0.isComplete } ?? false }

    /// Whether every word of the answer has been turned into audio.
    var isFullySynthesized: Bool { isTextComplete && !isSynthesizing && unspoken.allSatisfy(\.isWhitespace) }

    /// The next piece to synthesise, if one is ready and none is being made.
    mutating func nextPiece() -> String? {
        guard !isSynthesizing, let text = SpeechPiece.take(from: &unspoken, isLast: isTextComplete) else { return nil }
        pieces.append(Piece(text: text, start: length))
        return text
    }

    /// Adds audio to the piece being made, if one is.
    mutating func append(_ chunk: SpeechChunk) {
        guard isSynthesizing else { return }
        let last = pieces.count - 1
        pieces[last].length += chunk.samples.count
        pieces[last].words += chunk.words
    }

    /// Notes that the piece being made has all its audio, or all it will ever have.
    mutating func completePiece(isBroken: Bool) {
        guard isSynthesizing else { return }
        pieces[pieces.count - 1].isComplete = true
        pieces[pieces.count - 1].isBroken = isBroken
    }

    /// Whether nothing of the answer is left to be heard after its first `playedMs` of audio.
    func isHeardWhole(playedMs: Int) -> Bool {
        isFullySynthesized && !pieces.contains(where: \.isBroken) && playedMs >= Piece.ms(length)
    }

    /// The words of the answer that lie within its first `playedMs` of audio.
    func heardText(playedMs: Int) -> String {
        pieces.flatMap { $0.heardWords(playedMs: playedMs) }.joined(separator: " ")
    }

    /// The answer's audio so far, in samples.
    private var length: Int { pieces.last.map { $0.start + $0.length } ?? 0 }
}

extension Exchange.Piece {
    /// How long a letter takes in ordinary speech, in ms; for audio whose length is not known yet.
    private static let letterMs = 60

    /// Milliseconds that hold this many samples at 8,000 Hz.
    static func ms(_ samples: Int) -> Int { (samples + 7) / 8 }

    /// The words of this piece that lie within the answer's first `playedMs` of audio; text without any sound has none.
    ///
    /// A word counts as heard once half of it has been played; a listener has it by then.
    func heardWords(playedMs: Int) -> [Substring] {
        let within = min(playedMs - start / 8, Self.ms(length))
        guard length > 0, within > 0 else { return [] }
        let all = text.split(whereSeparator: \.isWhitespace)
        if isComplete, !isBroken, within >= Self.ms(length) { return all }
        return Array(all.prefix(words.isEmpty ? wordsByLetters(of: all, within: within) : wordsByTiming(within: within)))
    }

    /// Engines without timings: words take time in proportion to their letters.
    private func wordsByLetters(of all: [Substring], within: Int) -> Int {
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
