/// One answer of the agent: from the moment it is wanted to the last word the caller heard.
package struct Exchange: Sendable {
    /// Why the agent speaks.
    enum Kind: Sendable, Equatable {
        /// The caller said something.
        case answer
        /// The call has begun.
        case greeting
        /// The line was lost and is back.
        case resumption
        /// The caller has said nothing for long.
        case prompt
        /// The agent takes its leave; the call ends once this has been heard.
        case goodbye(Goodbye)
    }

    /// Why the agent takes its leave: the reason the call then stops for.
    enum Goodbye: String, Sendable {
        /// The caller has said nothing for too long; one who answers is heard.
        case idle
        /// The call has taken as long as it may; nothing the caller does keeps it.
        case timeLimit = "time_limit"
    }

    /// The turn both sides of the exchange belong to.
    package let turn: Int
    /// Why the agent speaks.
    let kind: Kind
    /// The answer so far, as it was made.
    package private(set) var answer = ""
    /// Whether the assistant has finished.
    package private(set) var isTextComplete = false
    /// The times of the turn so far.
    var ledger: TurnLedger
    private var unspoken = ""
    private(set) var pieces: [AnswerPiece] = []

    /// Begins an exchange.
    init(turn: Int, kind: Kind = .answer, ledger: TurnLedger) {
        self.turn = turn
        self.kind = kind
        self.ledger = ledger
    }

    /// Whether it is what the stream opens with: that is said whether or not the caller is already speaking.
    var opensCall: Bool { kind == .greeting || kind == .resumption }

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

    /// What to synthesise next, if a piece is ready and none is being made: the words as they are said.
    mutating func nextPiece() -> String? {
        guard !isSynthesizing else { return nil }
        while let text = SpeechPiece.take(from: &unspoken, isLast: isTextComplete, isFirst: pieces.isEmpty) {
            let piece = AnswerPiece(text: text, start: length)
            pieces.append(piece)
            guard piece.spoken.text.isEmpty else { return piece.spoken.text }
            // Nothing to say: a rule between paragraphs, an emoji.
            pieces[pieces.count - 1].isComplete = true
        }
        return nil
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
        isFullySynthesized && !pieces.contains(where: \.isBroken) && playedMs >= AnswerPiece.ms(length)
    }

    /// The words of the answer that lie within its first `playedMs` of audio.
    func heardText(playedMs: Int) -> String {
        pieces.flatMap { $0.heardWords(playedMs: playedMs) }.joined(separator: " ")
    }

    /// Where an answer stopped at `playedMs` should go on, in ms of its audio: at the beginning of the word that was cut.
    func resumeMs(playedMs: Int) -> Int {
        guard let piece = piece(at: playedMs) else { return playedMs }
        let wordMs = piece.wordStartMs(before: playedMs)
        return playedMs - wordMs <= Self.longestRepeatMs ? wordMs : playedMs
    }

    /// Whether the sentence heard at `playedMs` is a question.
    func isQuestion(atMs playedMs: Int) -> Bool {
        guard let current = piece(at: playedMs), let index = pieces.firstIndex(where: { $0.start == current.start && $0.text == current.text }) else {
            return false
        }
        let rest = pieces[index...].map(\.text).joined(separator: " ") + unspoken
        // A piece that has only just begun: the caller may still be answering the one before.
        let isBeginning = playedMs - AnswerPiece.ms(current.start) < Self.reactionMs && index > 0
        return rest.first { ".!?".contains($0) } == "?" || (isBeginning && pieces[index - 1].text.last == "?")
    }

    /// A cut word is said again from its beginning where that costs no more than this, in ms.
    private static let longestRepeatMs = 600
    /// People answer a question up to this long, in ms, into what follows it.
    private static let reactionMs = 1000

    private func piece(at playedMs: Int) -> AnswerPiece? {
        pieces.last { AnswerPiece.ms($0.start) <= playedMs && $0.length > 0 }
    }

    /// The answer's audio so far, in samples.
    private var length: Int { pieces.last.map { $0.start + $0.length } ?? 0 }
}
