/// What was heard of an answer.
extension Exchange {
    /// A cut word is said again from its beginning where that costs no more than this, in ms.
    private static let longestRepeatMs = 600
    /// People answer a question up to this long, in ms, into what follows it.
    private static let reactionMs = 1000

    /// Whether nothing of the answer is left to be heard after its first `playedMs` of audio.
    ///
    /// An answer that made no sound is never heard.
    func isHeardWhole(playedMs: Int) -> Bool {
        isFullySynthesized && !hasDroppedWords && (firstWordMs != nil || !hasWords) && !pieces.contains { $0.isBroken && !$0.isFiller }
            && playedMs >= AnswerPiece.ms(length)
    }

    /// Whether it has words of which none can ever be heard.
    var isUnheard: Bool { hasWords && heardText(playedMs: .max).isEmpty }

    /// The words of the answer that lie within its first `playedMs` of audio.
    func heardText(playedMs: Int) -> String {
        heardText(playedMs: playedMs) { _ in true }
    }

    private func heardText(playedMs: Int, where isWanted: (AnswerPiece) -> Bool) -> String {
        pieces.filter { !$0.isFiller && isWanted($0) }.flatMap { $0.heardWords(playedMs: playedMs) }.joined(separator: " ")
    }

    /// What a call remembers of the exchange when its first `playedMs` of audio were heard: words and tools in the order they came.
    func entries(playedMs: Int) -> [ConversationTurn] {
        entries { round in heardText(playedMs: playedMs) { $0.round == round } }
    }

    /// The same, as if all of it were heard: what the assistant goes on from while the answer is still being spoken.
    var entriesMade: [ConversationTurn] {
        entries { rounds[$0].text }
    }

    private func entries(text: (Int) -> String) -> [ConversationTurn] {
        rounds.indices.flatMap { index in
            let words = text(index)
            let spoken = words.allSatisfy(\.isWhitespace) ? [] : [ConversationTurn(role: .assistant, text: words)]
            return spoken + rounds[index].uses.filter(\.isStarted).map { ConversationTurn(tool: $0.use) }
        }
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
        let rest = pieces[index...].map(\.text).joined(separator: " ") + unspokenText
        // A piece that has only just begun: the caller may still be answering the one before.
        let isBeginning = playedMs - AnswerPiece.ms(current.start) < Self.reactionMs && index > 0
        return rest.first { ".!?".contains($0) } == "?" || (isBeginning && pieces[index - 1].text.last == "?")
    }

    /// Where the answer's own words begin in its audio, in ms; nil while none have any.
    var firstWordMs: Int? {
        pieces.first { !$0.isFiller && $0.length > 0 }.map { AnswerPiece.ms($0.start) }
    }

    private func piece(at playedMs: Int) -> AnswerPiece? {
        pieces.last { AnswerPiece.ms($0.start) <= playedMs && $0.length > 0 }
    }
}
