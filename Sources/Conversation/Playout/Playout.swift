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

    /// What the echo of a mark says.
    package struct Echo: Sendable, Equatable {
        /// The answer's first frame has been played.
        package var isFirst = false
        /// The answer has been played to its end, and is closed.
        package var isEnd = false
    }

    private struct Mark: Sendable {
        var name: String
        /// Its place in the audio.
        var atMs: Int
        /// When, on our clock, it should come back.
        var dueAtMs: Int
    }

    private static let bytesPerMs = 8
    /// What has been heard is kept this long, in ms, so that a paused answer can go on a word earlier.
    private static let keptMs = 1000

    /// The ledger's settings.
    package let configuration: PlayoutConfiguration
    private var state = State.idle
    private var turn = 0
    private var generation = 0
    /// The answer's audio from `audioFromMs` on.
    private var audio: [UInt8] = []
    private var audioFromMs = 0
    private var sentMs = 0
    private var markedMs = 0
    private var marks: [Mark] = []
    private var hasFinalMark = false
    /// When, on our clock, everything sent so far will have been played.
    private var bufferEndsAtMs = 0
    /// A place in the audio and the moment it was heard; playback is reckoned from here.
    private var anchor: (audioMs: Int, atMs: Int)?
    /// The place that playback begins at while there is no anchor.
    private var restMs = 0
    /// How far the answer was heard before it was paused, which may lie behind the place it goes on from.
    private var pausedAtMs = 0
    /// Whether this line has ever echoed a mark; one that has not is reckoned by the clock alone.
    private var lineEchoesMarks = false
    /// Whether any audio of the answer has been sent, and be it cleared since.
    package private(set) var hasSentAudio = false
    /// Whether the answer waits where it was stopped, until ``resume(fromMs:)`` or ``cut()``.
    package private(set) var isPaused = false

    /// Makes an idle ledger.
    package init(configuration: PlayoutConfiguration) {
        self.configuration = configuration
    }

    /// Whether an answer is open, sent or being played.
    package var isActive: Bool {
        if case .idle = state { false } else { true }
    }

    /// When, on our clock, what was sent will have been played, or was; nil while more waits to be sent.
    package var dryAtMs: Int? { framesDueMs == nil ? bufferEndsAtMs : nil }

    /// How much of the answer's audio has been sent, in ms.
    package var sentAudioMs: Int { sentMs }

    /// When, on our clock, all audio made so far will have been played, as long as it is played.
    package var soundEndsAtMs: Int { bufferEndsAtMs + max(0, waiting) / Self.bytesPerMs }

    /// How much audio has been made and not been played, by our clock, in ms.
    package func unheardMs(nowMs: Int) -> Int { max(0, bufferEndsAtMs - nowMs) + max(0, waiting) / Self.bytesPerMs }

    /// Whether no audio of the answer has been made.
    package var isEmpty: Bool { audioFromMs == 0 && audio.isEmpty }

    /// Whether the caller hears, or is about to hear, the answer.
    package var isAudible: Bool { isActive && hasSentAudio && !isPaused }

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
        self.audio += audio
    }

    /// Says that no more audio will be added.
    package mutating func close() {
        guard case .open = state else { return }
        state = .closed
    }

    /// The frames and marks that are due.
    package mutating func advance(nowMs: Int) -> [LineCommand] {
        guard isActive, !isPaused else { return [] }
        var commands: [LineCommand] = []
        while bufferEndsAtMs - nowMs + configuration.frameMs <= configuration.leadMs, let frame = nextFrame() {
            commands.append(.audio(frame))
            // Where the other side had run dry, playback goes on from here and not from where the clock alone would be.
            if anchor == nil || bufferEndsAtMs < nowMs { anchor = (sentMs, nowMs) }
            bufferEndsAtMs = max(bufferEndsAtMs, nowMs) + configuration.frameMs
            sentMs += configuration.frameMs
            // The first frame has a mark of its own: its echo is the moment the caller begins to hear the answer.
            if !hasSentAudio || sentMs - markedMs >= configuration.markEveryMs { commands.append(mark()) }
            hasSentAudio = true
        }
        if case .closed = state, waiting <= 0, !hasFinalMark {
            hasFinalMark = true
            if sentMs > markedMs || marks.isEmpty { commands.append(mark()) }
        }
        forget(beforeMs: playedMs(nowMs: nowMs) - Self.keptMs)
        return commands
    }

    /// Takes the echo of a mark; nil for one that is not of this audio.
    package mutating func echo(_ name: String, nowMs: Int) -> Echo? {
        guard isActive, let index = marks.firstIndex(where: { $0.name == name }) else { return nil }
        let placeMs = marks[index].atMs
        // Never back behind what was reckoned before the line's first echo.
        anchor = (max(placeMs, playedMs(nowMs: nowMs)), nowMs)
        lineEchoesMarks = true
        // A mark implies all before it, whose echoes may have been lost.
        marks.removeFirst(index + 1)
        var echo = Echo(isFirst: placeMs == configuration.frameMs)
        if hasFinalMark, marks.isEmpty {
            echo.isEnd = true
            reset()
        }
        return echo
    }

    /// Whether the answer must have been played by now although its last mark never came back; it has then ended.
    package mutating func expire(nowMs: Int) -> Bool {
        guard !isPaused, hasFinalMark, nowMs >= bufferEndsAtMs + configuration.lostMarkMs else { return false }
        reset()
        return true
    }

    /// Milliseconds of the answer that the caller has heard.
    ///
    /// On a line that echoes marks it lies before the next mark that is out, unless that one is long overdue: then marks are
    /// lost, and the clock counts until one comes back.
    package func playedMs(nowMs: Int) -> Int {
        guard let anchor else { return max(restMs, pausedAtMs) }
        var played = min(anchor.audioMs + nowMs - anchor.atMs, sentMs)
        if lineEchoesMarks, let next = marks.first, nowMs < next.dueAtMs + configuration.lostMarkMs { played = min(played, next.atMs) }
        return max(played, anchor.audioMs, pausedAtMs)
    }

    /// Stops the answer where it is, to go on later or be cut; the caller of this sends `clear`.
    ///
    /// - Returns: milliseconds of the answer that the caller has heard.
    package mutating func pause(nowMs: Int) -> Int {
        pausedAtMs = playedMs(nowMs: nowMs)
        isPaused = true
        rewind(toMs: pausedAtMs)
        return pausedAtMs
    }

    /// Lets a paused answer go on from this place in its audio, in ms, as a new generation; nothing where it is not paused.
    package mutating func resume(fromMs: Int) {
        guard isPaused else { return }
        isPaused = false
        generation += 1
        rewind(toMs: min(fromMs, pausedAtMs))
    }

    /// Ends the answer where it is.
    ///
    /// The caller of this sends `clear` if anything was sent.
    package mutating func cut() {
        reset()
    }

    /// When ``advance(nowMs:)`` or ``expire(nowMs:)`` has something to do next, if ever.
    package var nextDeadlineMs: Int? {
        guard isActive, !isPaused else { return nil }
        return framesDueMs ?? (hasFinalMark ? bufferEndsAtMs + configuration.lostMarkMs : nil)
    }

    /// When the next frames are to be sent, where any wait.
    package var framesDueMs: Int? {
        guard isActive, !isPaused, waiting >= Self.bytesPerMs * configuration.frameMs || (waiting > 0 && state == .closed) else { return nil }
        // Never before there is room for a frame, or the call would be woken up in vain.
        return bufferEndsAtMs - configuration.leadMs + max(configuration.frameMs, min(configuration.batchMs, configuration.leadMs))
    }

    /// Audio not sent yet, in bytes; less than nothing when a last frame was filled up with silence.
    private var waiting: Int { audio.count - (sentMs - audioFromMs) * Self.bytesPerMs }

    private mutating func nextFrame() -> [UInt8]? {
        let size = configuration.frameMs * Self.bytesPerMs
        let head = audio.count - waiting
        if waiting >= size { return Array(audio[head..<head + size]) }
        guard state == .closed, waiting > 0 else { return nil }
        return Array(audio[head...]) + [UInt8](repeating: MuLaw.silence, count: size - waiting)
    }

    private mutating func mark() -> LineCommand {
        markedMs = sentMs
        let name = "t\(turn).g\(generation).\(sentMs)"
        marks.append(Mark(name: name, atMs: sentMs, dueAtMs: bufferEndsAtMs))
        return .mark(name)
    }

    /// Goes back to a place in the audio, with nothing of what follows it sent.
    private mutating func rewind(toMs placeMs: Int) {
        let frames = max(placeMs, audioFromMs) / configuration.frameMs
        sentMs = frames * configuration.frameMs
        markedMs = sentMs
        restMs = sentMs
        marks.removeAll()
        hasFinalMark = false
        anchor = nil
        // What was sent has been cleared: the other side holds nothing.
        bufferEndsAtMs = 0
    }

    /// Lets go of audio that will not be needed again, in steps of some size, and of whole frames.
    private mutating func forget(beforeMs placeMs: Int) {
        guard placeMs - audioFromMs >= Self.keptMs else { return }
        let place = placeMs / configuration.frameMs * configuration.frameMs
        audio.removeFirst((place - audioFromMs) * Self.bytesPerMs)
        audioFromMs = place
    }

    private mutating func reset() {
        state = .idle
        audio.removeAll()
        audioFromMs = 0
        rewind(toMs: 0)
        hasSentAudio = false
        isPaused = false
        pausedAtMs = 0
    }
}
