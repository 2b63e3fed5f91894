/// One answer of the agent: from the moment it is wanted to the last word the caller heard.
///
/// An answer that needs tools is made in rounds: the assistant speaks and calls tools, is told what they did, and speaks on.
package struct Exchange: Sendable {
    /// Why the agent speaks.
    enum Kind: Sendable, Equatable {
        /// The caller said something, or a tool did something.
        case answer
        /// The call has begun.
        case greeting
        /// The line was lost and is back.
        case resumption
        /// The caller has said nothing for long, or was not understood.
        case prompt
        /// An operator has the agent say something; it is heard whatever the caller does if something is to follow it.
        case notice(isProtected: Bool)
        /// The caller is on hold: music, ringing and lines at intervals.
        case hold
        /// The agent takes its leave; the call ends once this has been heard.
        case goodbye(Goodbye)
    }

    /// Why the agent takes its leave: the reason the call then stops for.
    enum Goodbye: String, Sendable {
        /// The caller has said nothing for too long; one who answers is heard.
        case idle
        /// The call has taken as long as it may; nothing the caller does keeps it.
        case timeLimit = "time_limit"
        /// The assistant ends the call; a caller who speaks on is heard.
        case agent = "agent_ended"
        /// Too many answers in a row have failed.
        case failure = "assistant_failed"
    }

    /// The turn both sides of the exchange belong to.
    package let turn: Int
    /// Why the agent speaks.
    var kind: Kind
    /// The answer so far, as it was made.
    package private(set) var answer = ""
    /// Whether the assistant has finished for good.
    package private(set) var isTextComplete = false
    /// The times of the turn so far.
    var ledger: TurnLedger
    /// The language that the agent speaks (ISO 639-1); nil for English.
    private let language: String?
    /// Whether it is being thought about: one that was opened ahead, to say something meanwhile, is not yet.
    var isAsked: Bool
    /// Whether what is said is an apology for an answer that failed.
    var hasFailed = false
    /// Whether words were made that nobody will speak.
    private(set) var hasDroppedWords = false
    /// The rounds of asking so far, the one in progress included.
    private(set) var rounds: [Round] = [Round()]
    private(set) var pieces: [AnswerPiece] = []
    /// The id of the command that had it said, if one did.
    var command: String?
    /// What is not being spoken yet, oldest first.
    private var unspoken: [Segment] = []

    /// What the assistant said and called between being asked and having answered.
    struct Round: Sendable {
        /// The request that asked for it; nil while nothing was asked.
        var ask: Int?
        /// The words as they were made.
        var text = ""
        var uses: [PlannedUse] = []
        /// Whether the assistant has answered.
        var isAnswered = false

        /// Whether a voice can say anything of it: words or numbers.
        var isSayable: Bool { text.isSayable }
    }

    /// A tool's use that the assistant wants.
    struct PlannedUse: Sendable {
        var use: ToolUse
        var kind: ToolPlan.Kind
        /// Whether the tool was told to do it, or it was turned down: what was not has never been.
        var isStarted = false
    }

    /// Text of one round, or a phrase of our own, on its way to the voice.
    private struct Segment: Sendable {
        var text: String
        var round: Int
        var isFiller = false
        /// Whether nothing will be added to it.
        var isClosed = false
    }

    /// Begins an exchange.
    init(turn: Int, kind: Kind = .answer, ledger: TurnLedger, isAsked: Bool = true, language: String? = nil) {
        self.turn = turn
        self.kind = kind
        self.ledger = ledger
        self.isAsked = isAsked
        self.language = language
    }

    /// Whether it is what the stream opens with: that is said whether or not the caller is already speaking.
    var opensCall: Bool { kind == .greeting || kind == .resumption }

    /// Whether the answer is more than white space.
    var hasWords: Bool { !answer.allSatisfy(\.isWhitespace) }

    /// Whether a voice can say anything of it.
    var isSayable: Bool { answer.isSayable }

    /// Whether the assistant is being waited for.
    var isThinking: Bool { isAsked && !isTextComplete && rounds.last?.isAnswered == false }

    /// The request that the assistant is working on, if any.
    var openAsk: Int? { isThinking ? rounds.last?.ask : nil }

    /// The request that the voice is working on, if any.
    var openPiece: Int? { isSynthesizing ? pieces.last?.id : nil }

    /// Notes which request asks for the round in progress.
    mutating func noteAsk(_ id: Int) { rounds[rounds.count - 1].ask = id }

    /// Notes which request asks for the newest piece's audio.
    mutating func notePiece(_ id: Int) { pieces[pieces.count - 1].id = id }

    /// Adds what the assistant said next.
    mutating func append(_ token: String) {
        // Words of two rounds do not run into each other.
        let isSeam = rounds.last?.text.isEmpty == true && hasWords && answer.last?.isWhitespace == false
        answer += isSeam ? " " + token : token
        rounds[rounds.count - 1].text += token
        let round = rounds.count - 1
        if let last = unspoken.last, !last.isClosed, !last.isFiller, last.round == round {
            unspoken[unspoken.count - 1].text += token
        } else {
            unspoken.append(Segment(text: token, round: round))
        }
    }

    /// Adds words to an answer that is complete.
    mutating func appendLast(_ text: String) {
        append(text)
        closeSegments()
    }

    /// Says a phrase while the answer is awaited, before whatever is not being spoken yet; it is no part of the answer.
    mutating func insertFiller(_ text: String) {
        unspoken.insert(Segment(text: text, round: rounds.count - 1, isFiller: true, isClosed: true), at: 0)
    }

    /// Lets go of words that nobody has begun to speak.
    mutating func dropUnspoken() {
        hasDroppedWords = hasDroppedWords || !unspokenText.allSatisfy(\.isWhitespace)
        unspoken.removeAll { !$0.isFiller }
    }

    /// Notes that the assistant has answered this round.
    mutating func completeRound() {
        rounds[rounds.count - 1].isAnswered = true
        closeSegments()
    }

    /// Begins the next round.
    mutating func beginRound() {
        rounds.append(Round())
    }

    /// Notes that the assistant has finished.
    mutating func completeText() {
        rounds[rounds.count - 1].isAnswered = true
        isTextComplete = true
        closeSegments()
    }

    private mutating func closeSegments() {
        for index in unspoken.indices { unspoken[index].isClosed = true }
    }

    /// Whether a piece is being synthesised.
    var isSynthesizing: Bool { pieces.last.map { !$0.isComplete } ?? false }

    /// Whether the piece being synthesised has something to say and no audio of it yet.
    var isPieceSilent: Bool { isSynthesizing && pieces.last.map { $0.length == 0 && $0.spoken.text.isSayable } ?? false }

    /// Whether every word so far has been turned into audio, but for a sentence in progress.
    var isSpokenSoFar: Bool { !isSynthesizing && !unspoken.contains { $0.isClosed && !$0.text.allSatisfy(\.isWhitespace) } }

    /// Whether every word of the answer has been turned into audio.
    var isFullySynthesized: Bool { isTextComplete && isSpokenSoFar }

    /// What to synthesise next, if a piece is ready and none is being made: the words as they are said.
    mutating func nextPiece() -> String? {
        guard !isSynthesizing else { return nil }
        while let segment = unspoken.first {
            guard let piece = takePiece(of: segment) else {
                guard segment.isClosed else { return nil }
                unspoken.removeFirst()
                continue
            }
            pieces.append(piece)
            guard piece.spoken.text.isEmpty else { return piece.spoken.text }
            // Nothing to say: a rule between paragraphs, an emoji.
            pieces[pieces.count - 1].isComplete = true
        }
        return nil
    }

    /// Takes a piece off the oldest segment, short enough to be said in some seconds.
    private mutating func takePiece(of segment: Segment) -> AnswerPiece? {
        let isFirst = !pieces.contains { !$0.isFiller }
        var longest = SpeechPiece.longest
        while true {
            var rest = segment.text
            let taken = SpeechPiece.take(from: &rest, isLast: segment.isClosed, isFirst: isFirst, longest: longest, language: language)
            guard let text = taken else { return nil }
            let piece = AnswerPiece(text: text, start: length, round: segment.round, isFiller: segment.isFiller, language: language)
            guard piece.spoken.text.count > SpeechPiece.longestSpoken, longest > SpeechPiece.shortestCut else {
                unspoken[0].text = rest
                return piece
            }
            longest = max(SpeechPiece.shortestCut, longest / 2)
        }
    }

    /// The pieces that a phrase of our own is synthesised in, as they are said in a language.
    package static func spokenPieces(of phrase: String, in language: String? = nil) -> [String] {
        var exchange = Exchange(turn: 0, ledger: TurnLedger(), language: language)
        exchange.append(phrase)
        exchange.completeText()
        var pieces: [String] = []
        while let piece = exchange.nextPiece() {
            pieces.append(piece)
            exchange.completePiece(isBroken: false)
        }
        return pieces
    }

    /// Whether the piece being made is a sound without words.
    var isMakingSound: Bool { isSynthesizing && kind == .hold && pieces.last?.text.isEmpty == true }

    /// Begins a piece that is a sound without words: request `id` asks for its audio.
    mutating func beginSound(_ id: Int) {
        guard !isSynthesizing else { return }
        var piece = AnswerPiece(text: "", start: length, round: 0, isFiller: true, language: language)
        piece.id = id
        pieces.append(piece)
    }

    /// Forgets pieces that have been heard, because a hold may take long.
    mutating func forgetPieces() {
        guard pieces.count > 2 else { return }
        pieces.removeFirst(pieces.count - 2)
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

    /// Changes what is known of the tools' uses.
    mutating func updateUses(_ update: (inout PlannedUse) -> Void) {
        for round in rounds.indices {
            for index in rounds[round].uses.indices { update(&rounds[round].uses[index]) }
        }
    }

    /// Adds a tool's use to the round in progress.
    mutating func append(_ use: PlannedUse) {
        rounds[rounds.count - 1].uses.append(use)
    }

    /// What the text says that is not being spoken yet.
    var unspokenText: String { unspoken.filter { !$0.isFiller }.map(\.text).joined(separator: " ") }

    /// The answer's audio so far, in samples.
    var length: Int { pieces.last.map { $0.start + $0.length } ?? 0 }
}

extension String {
    /// Whether there is anything in it that a voice can say: a letter or a digit, of any script.
    var isSayable: Bool { contains { $0.isLetter || $0.isNumber } }
}
