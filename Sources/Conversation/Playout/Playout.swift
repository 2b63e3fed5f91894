import Audio

/// The ledger of one answer's audio: what was made, what was sent, what was played, what was cleared.
///
/// Frames are paced so that the other side never holds more than the configured lead. Marks follow the audio at short
/// intervals; their names carry turn and generation, so an echo that comes after `clear` is never taken for playback.
package struct Playout: Sendable {
    /// What the audio of an answer can be doing.
    private enum State: Sendable {
        /// There is no answer. May become `open`.
        case idle
        /// Audio is being made and played. May become `closed` or, when cut, `idle`.
        case open
        /// All audio has been made; becomes `idle` when it has been played or cut.
        case closed
    }

    private struct Mark: Sendable {
        var name: String
        var atMs: Int
    }

    private static let bytesPerMs = 8

    /// The ledger's settings.
    package let configuration: PlayoutConfiguration
    private var state = State.idle
    private var turn = 0
    private var generation = 0
    private var pending: [UInt8] = []
    private var pendingHead = 0
    private var sentMs = 0
    private var markedMs = 0
    private var marks: [Mark] = []
    private var hasFinalMark = false
    /// When, on our clock, everything sent so far will have been played.
    private var bufferEndsAtMs = 0
    /// A place in the audio and the moment it was heard; playback is reckoned from here.
    private var anchor: (audioMs: Int, atMs: Int)?
    /// Whether this line has ever echoed a mark; one that has not is reckoned by the clock alone.
    private var lineEchoesMarks = false

    /// Makes an idle ledger.
    package init(configuration: PlayoutConfiguration) {
        self.configuration = configuration
    }

    /// Whether an answer is open, sent or being played.
    package var isActive: Bool {
        if case .idle = state { false } else { true }
    }

    /// Whether no audio of the answer has been made.
    package var isEmpty: Bool { sentMs == 0 && pending.isEmpty }

    /// Whether any audio of the answer has been sent.
    package var hasSentAudio: Bool { isActive && sentMs > 0 }

    /// Begins a turn's answer; the one before must have ended or been cut.
    package mutating func begin(turn: Int) {
        reset()
        self.turn = turn
        generation += 1
        state = .open
    }

    /// Adds audio of the answer: G.711 mu-law at 8,000 Hz; nothing once it has been closed.
    package mutating func enqueue(_ audio: [UInt8]) {
        guard case .open = state else { return }
        pending += audio
    }

    /// Says that no more audio will be added.
    package mutating func close() {
        guard case .open = state else { return }
        state = .closed
    }

    /// The frames and marks that are due.
    package mutating func advance(nowMs: Int) -> [LineCommand] {
        guard isActive else { return [] }
        var commands: [LineCommand] = []
        while bufferEndsAtMs - nowMs + configuration.frameMs <= configuration.leadMs, let frame = nextFrame() {
            commands.append(.audio(frame))
            // Where the other side had run dry, playback goes on from here and not from where the clock alone would be.
            if anchor == nil || bufferEndsAtMs < nowMs { anchor = (sentMs, nowMs) }
            bufferEndsAtMs = max(bufferEndsAtMs, nowMs) + configuration.frameMs
            sentMs += configuration.frameMs
            if sentMs - markedMs >= configuration.markEveryMs { commands.append(mark()) }
        }
        if case .closed = state, pendingHead >= pending.count, !hasFinalMark {
            hasFinalMark = true
            if sentMs > markedMs || marks.isEmpty { commands.append(mark()) }
        }
        return commands
    }

    /// Takes the echo of a mark; returns whether the answer has now been played to its end.
    package mutating func echo(_ name: String, nowMs: Int) -> Bool {
        guard isActive, let index = marks.firstIndex(where: { $0.name == name }) else { return false }
        // Never back behind what was reckoned before the line's first echo.
        anchor = (max(marks[index].atMs, playedMs(nowMs: nowMs)), nowMs)
        lineEchoesMarks = true
        // A mark implies all before it, whose echoes may have been lost.
        marks.removeFirst(index + 1)
        guard hasFinalMark, marks.isEmpty else { return false }
        reset()
        return true
    }

    /// Whether the answer must have been played by now although its last mark never came back; it has then ended.
    package mutating func expire(nowMs: Int) -> Bool {
        guard hasFinalMark, nowMs >= bufferEndsAtMs + configuration.lostMarkMs else { return false }
        reset()
        return true
    }

    /// Milliseconds of the answer that the caller has heard.
    package func playedMs(nowMs: Int) -> Int {
        guard let anchor else { return 0 }
        var played = min(anchor.audioMs + nowMs - anchor.atMs, sentMs)
        if lineEchoesMarks, let next = marks.first { played = min(played, next.atMs) }
        return max(played, anchor.audioMs)
    }

    /// Ends the answer where it is.
    ///
    /// The caller of this sends `clear` if anything was sent.
    package mutating func cut() {
        reset()
    }

    /// When ``advance(nowMs:)`` or ``expire(nowMs:)`` has something to do next, if ever.
    package var nextDeadlineMs: Int? {
        guard isActive else { return nil }
        if pending.count - pendingHead >= Self.bytesPerMs * configuration.frameMs || (pendingHead < pending.count && state == .closed) {
            // Never before there is room for a frame, or the call would be woken up in vain.
            return bufferEndsAtMs - configuration.leadMs + max(configuration.frameMs, min(configuration.batchMs, configuration.leadMs))
        }
        return hasFinalMark ? bufferEndsAtMs + configuration.lostMarkMs : nil
    }

    private mutating func nextFrame() -> [UInt8]? {
        let size = configuration.frameMs * Self.bytesPerMs
        let available = pending.count - pendingHead
        if available >= size {
            defer { pendingHead += size }
            return Array(pending[pendingHead..<pendingHead + size])
        }
        guard state == .closed, available > 0 else { return nil }
        defer { pendingHead = pending.count }
        return Array(pending[pendingHead...]) + [UInt8](repeating: MuLaw.silence, count: size - available)
    }

    private mutating func mark() -> LineCommand {
        markedMs = sentMs
        let name = "t\(turn).g\(generation).\(sentMs)"
        marks.append(Mark(name: name, atMs: sentMs))
        return .mark(name)
    }

    private mutating func reset() {
        state = .idle
        pending.removeAll()
        pendingHead = 0
        sentMs = 0
        markedMs = 0
        marks.removeAll()
        hasFinalMark = false
        anchor = nil
        // What ended was played or cleared: the other side holds nothing.
        bufferEndsAtMs = 0
    }
}
