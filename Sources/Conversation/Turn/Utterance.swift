/// One utterance of the caller on its way from sound to words.
struct Utterance: Sendable {
    /// What became of a stretch's audio.
    enum Outcome: Sendable, Equatable {
        case words(Transcription)
        case failed
        case late
    }

    /// Audio between two long pauses, recognised by itself.
    struct Stretch: Sendable {
        /// The transcription's number.
        var task: Int
        /// On the media clock, in ms.
        var clip: Range<Int>
        var outcome: Outcome?
    }

    /// The first speech, in ms on the media clock.
    let startMs: Int
    /// The last speech so far.
    var endMs: Int
    /// The turn of the agent's answer that the caller spoke over, if any.
    var overTurn: Int?
    var stretches: [Stretch] = []
    /// Set once the utterance is over.
    var ledger: TurnLedger?
    /// When the newest of its words were known, on our clock, in ms.
    var knownAtMs = 0
    /// Whether the answer has been cut for it.
    var hasTakenFloor = false
    /// The transcription of what was said so far that is under way.
    var preview: Int?
    /// Where the newest preview was asked for, in ms on the media clock.
    var previewedMs: Int
    /// What was last told of it as a partial.
    var partial = ""

    init(startMs: Int, overTurn: Int?) {
        self.startMs = startMs
        self.overTurn = overTurn
        endMs = startMs
        previewedMs = startMs
    }

    /// Whether the utterance is over.
    var isOver: Bool { ledger != nil }

    /// Whether the recogniser has said all it will.
    var isKnown: Bool { stretches.allSatisfy { $0.outcome != nil } }

    /// The words of each stretch that has any.
    var texts: [String] {
        stretches.compactMap { stretch in
            if case .words(let transcription) = stretch.outcome, !transcription.text.isEmpty { transcription.text } else { nil }
        }
    }

    /// All words so far.
    var text: String { texts.joined(separator: " ") }

    /// How sure the recogniser is of its least sure stretch.
    var confidence: Double? {
        stretches.compactMap { if case .words(let transcription) = $0.outcome { transcription.confidence } else { nil } }.min()
    }

    /// Why there are no words.
    var silenceReason: DismissalReason {
        if stretches.contains(where: { $0.outcome == .failed }) { return .failed }
        return stretches.contains { $0.outcome == .late } ? .late : .noWords
    }
}
