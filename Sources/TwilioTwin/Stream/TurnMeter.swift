/// Measures how fast the agent answers and falls silent, in samples of the stream's clock.
struct TurnMeter: Sendable {
    /// Where the conversation stands, as the caller sees it.
    enum State: Sendable, Equatable {
        /// The caller listens for an answer, or for a greeting; becomes `answered` or `speaking`.
        case awaiting
        /// The caller speaks, until the sample at `end`; becomes `draining` or `awaiting` then.
        case speaking(end: Int)
        /// The caller is done, the agent still plays what it began before; becomes `awaiting` with a silent frame or a clear.
        case draining
        /// The agent was heard; becomes `speaking` with the next clip.
        case answered
    }

    /// What the caller heard in a frame.
    struct Heard: Sendable, Equatable {
        /// The frame's first sample, counted from the stream's beginning.
        var position: Int
        /// Some of it came from the server.
        var isFromServer: Bool
        /// The first sample within the frame above the threshold.
        var firstAudible: Int?
    }

    private(set) var turns: [TwinTurn] = []
    private var state = State.awaiting
    /// The sample at which the caller last finished speaking; nil until then.
    private var speechEnd: Int?
    /// The agent was playing when the current clip began, and has not stopped since.
    private var isTalkedOver = false
    private var agentWasPlaying = false

    /// Whether the agent was heard since the caller last finished speaking.
    var hasAnswered: Bool { state == .answered }

    /// The caller begins a clip at `position`, with `speechSamples` up to its last audible one.
    mutating func began(label: String, at position: Int, speechSamples: Int) {
        turns.append(TwinTurn(label: label, startedMs: position / 8))
        state = .speaking(end: position + speechSamples)
        isTalkedOver = agentWasPlaying
    }

    /// The clip's last frame ends at `position`.
    mutating func finished(at position: Int) { updateTurn { $0.endedMs = position / 8 } }

    /// The playout was emptied at `position`.
    mutating func cleared(at position: Int) {
        agentWasPlaying = false
        noteSilence(at: position)
        if state == .draining { state = .awaiting }
    }

    /// A frame was played; gives the response in ms when an answer begins in it.
    mutating func played(_ heard: Heard) -> Int? {
        if case .speaking(let end) = state, end <= heard.position { finishSpeech(at: end) }
        if !heard.isFromServer {
            noteSilence(at: heard.position)
            if state == .draining { state = .awaiting }
        }
        agentWasPlaying = heard.isFromServer
        guard state == .awaiting, let first = heard.firstAudible else { return nil }
        state = .answered
        return noteAnswer(at: heard.position + first)
    }

    /// Takes something else than audio for the answer, where the stream has no way back for audio.
    mutating func answeredOtherwise(at position: Int) -> Int? {
        if case .speaking(let end) = state, end <= position { finishSpeech(at: end) }
        guard state == .awaiting else { return nil }
        state = .answered
        return noteAnswer(at: position)
    }

    private mutating func finishSpeech(at end: Int) {
        speechEnd = end
        updateTurn { $0.speechEndedMs = end / 8 }
        state = agentWasPlaying ? .draining : .awaiting
    }

    private mutating func noteAnswer(at position: Int) -> Int? {
        guard let speechEnd else { return nil }
        let response = (position - speechEnd) / 8
        updateTurn { $0.responseMs = response }
        return response
    }

    private mutating func noteSilence(at position: Int) {
        guard isTalkedOver else { return }
        isTalkedOver = false
        updateTurn { $0.agentStoppedMs = position / 8 - $0.startedMs }
    }

    private mutating func updateTurn(_ change: (inout TwinTurn) -> Void) {
        guard !turns.isEmpty else { return }
        change(&turns[turns.count - 1])
    }
}
