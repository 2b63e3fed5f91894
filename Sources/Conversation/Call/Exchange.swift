/// One question and its answer: from the caller's words to the last word the caller heard.
package struct Exchange: Sendable {
    /// A part of the answer that is synthesised in one go.
    struct Piece: Sendable {
        var text: String
        /// Where its audio begins in the answer's audio, in ms.
        var startMs: Int
        /// Its audio so far, in ms.
        var lengthMs = 0
        var words: [WordTiming] = []
        var isComplete = false
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
        let startMs = pieces.last.map { $0.startMs + $0.lengthMs } ?? 0
        pieces.append(Piece(text: text, startMs: startMs))
        return text
    }

    /// Adds audio to the piece being made; returns false when none is.
    mutating func append(_ chunk: SpeechChunk) {
        guard isSynthesizing else { return }
        let last = pieces.count - 1
        pieces[last].lengthMs += chunk.samples.count / 8
        pieces[last].words += chunk.words
    }

    /// Notes that the piece being made has all its audio.
    mutating func completePiece() {
        guard isSynthesizing else { return }
        pieces[pieces.count - 1].isComplete = true
    }

    /// The words of the answer that lie within its first `playedMs` of audio.
    func heardText(playedMs: Int) -> String {
        pieces.flatMap { $0.heardWords(playedMs: playedMs) }.joined(separator: " ")
    }
}

extension Exchange.Piece {
    /// A word counts as heard once half of it has been played; a listener has it by then.
    func heardWords(playedMs: Int) -> [Substring] {
        let all = text.split(whereSeparator: \.isWhitespace)
        let within = playedMs - startMs
        guard within > 0 else { return [] }
        if isComplete, within >= lengthMs { return all }
        guard !words.isEmpty else {
            // Engines without timings: words take time in proportion to their letters.
            let letters = all.reduce(0) { $0 + $1.count + 1 }
            guard letters > 0, lengthMs > 0 else { return [] }
            var said = 0
            return Array(
                all.prefix { word in
                    defer { said += word.count + 1 }
                    return (said + word.count / 2) * lengthMs <= within * letters
                }
            )
        }
        var heard = 0
        var previousEndMs = 0
        for timing in words.sorted(by: { $0.index < $1.index }) {
            guard (previousEndMs + timing.endMs) / 2 <= within else { break }
            heard = timing.index + 1
            previousEndMs = timing.endMs
        }
        return Array(all.prefix(heard))
    }
}
