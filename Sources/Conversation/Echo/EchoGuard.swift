/// Tells the agent's own voice, come back from the caller's side, from the caller's.
///
/// The first echo is found by likeness: what came from the caller lately is, as a whole, a copy of what was sent. From then on it is predicted
/// and taken out, so that voice activity hears what is left, and a window of which the echo explains nearly everything is not speech.
/// A line that has never returned an echo is passed on as it is, and costs nothing unless the caller speaks over the agent.
package struct EchoGuard: Sendable {
    /// An echo comes at most this late, in ms.
    private static let longestDelayMs = 1000
    /// What is less likely to be speech than this neither begins an utterance nor keeps one going.
    private static let leastProbability: Float = 0.3
    /// What is at least this likely to be speech begins an utterance.
    private static let sureProbability: Float = 0.5
    /// What is less than this many times the line's noise is nothing.
    private static let quiet: Float = 2.5
    /// The least mean square taken for a line's noise there: -60 dBFS.
    private static let leastNoise: Float = 1000
    /// A path found less than this long ago, in ms, may leave as much as half of what it predicts.
    private static let newMs = 400
    /// After this many frames of mere echo a path is known well.
    static let framesToMature = 25
    /// The largest share of mere echo that a path is taken to leave.
    static let mostLeftover: Float = 0.05

    private(set) var reference = EchoReference()
    private(set) var history = EchoHistory()
    var path: EchoPath?
    /// The share of mere echo that the path usually leaves.
    var leftover = mostLeftover
    /// Where the path was found, in samples on the media clock.
    var foundAt = 0
    /// Where the path last explained what came.
    private(set) var heldAt = 0
    /// Frames of mere echo that taught the path since it was found or moved.
    var framesLearned = 0
    /// How surely the caller speaks: windows of speech that were no echo.
    private var credit = 0

    /// Makes a guard that knows nothing of the line.
    package init() {}

    /// Whether what the agent said may be coming back now.
    package var isExpectingEcho: Bool {
        guard let audibleTo = reference.audibleTo else { return false }
        return history.endsAt < audibleTo + Self.longestDelayMs * EchoReference.samplesPerMs
    }

    /// Notes audio (G.711 mu-law, 8 kHz) handed to the line when the caller's media clock stood at `mediaMs`.
    ///
    /// It is played after everything sent before it.
    package mutating func sent(_ payload: [UInt8], mediaMs: Int) { reference.append(payload, mediaMs: mediaMs) }

    /// Everything sent and not played by `mediaMs` was dropped.
    package mutating func cleared(mediaMs: Int) { reference.clear(mediaMs: mediaMs) }

    /// Takes new samples from the caller (8 kHz, 16 bit) that end at `endMs` on the media clock; what voice activity should hear of them.
    ///
    /// As many samples, without delay: the same, or with the echo taken out once its path is known.
    package mutating func clean(_ samples: [Int16], endMs: Int) -> [Int16] {
        let start = endMs * EchoReference.samplesPerMs - samples.count
        let frame = samples.map(Float.init)
        history.prepare(for: frame, from: start)
        let rest = takeOut(frame, from: start)
        history.append(frame, left: rest)
        return rest?.map { Int16(clamping: Int($0.rounded())) } ?? samples
    }

    /// The probability that the window ending at `endMs`, which is speech with `probability`, is the caller's speech.
    ///
    /// 0 for echo, unchanged otherwise.
    package mutating func judge(probability: Float, endMs: Int) -> Float {
        guard probability >= Self.leastProbability, isExpectingEcho, !history.heard.isEmpty else {
            credit = 0
            return probability
        }
        let window = history.window(endMs: endMs)
        // Voice activity takes a moment to forget: a window with nothing in it is what those before it were.
        if isQuiet(window) { return credit > 0 ? probability : 0 }
        if isEcho(window) {
            // In the middle of a word, a window that the echo covers is part of the word.
            let isCovered = credit >= 2
            credit = isCovered ? credit - 2 : 0
            return isCovered ? probability : 0
        }
        if findPath() {
            credit = 0
            return 0
        }
        if probability >= Self.sureProbability { credit = min(credit, 2) + 1 }
        return probability
    }

    /// Takes the echo out of a frame; nil where there is none or it is not known.
    private mutating func takeOut(_ frame: [Float], from start: Int) -> [Float]? {
        guard let path, !frame.isEmpty else { return nil }
        let source = path.source(of: frame.count, from: start, in: reference)
        let echo = path.echo(of: source)
        let rest = Correlation.difference(frame, echo)
        let (energy, restEnergy) = (Correlation.energy(frame), Correlation.energy(rest))
        // A prediction that makes things worse is of an echo that is not there.
        guard restEnergy < energy else { return nil }
        let noise = history.noise * Float(frame.count)
        let share = max(0, restEnergy - noise) / max(Correlation.energy(echo), 1)
        if share < max(0.01, leftover * 4), energy > 4 * noise {
            // Falls faster than it rises, because a caller who joins in must not pass for a worse path.
            leftover = min(Self.mostLeftover, leftover + (share - leftover) * (share < leftover ? 0.06 : 0.02))
            heldAt = start + frame.count
            framesLearned += 1
            self.path?.learn(frame, source: source)
        }
        return rest
    }

    /// Whether a window of the newest samples holds no more than noise, as it came or without the known echo.
    private func isQuiet(_ window: Range<Int>) -> Bool {
        guard path != nil else { return false }
        let least = min(Correlation.energy(history.left, in: window), Correlation.energy(history.heard, in: window))
        return least < Self.quiet * max(history.noise, Self.leastNoise) * Float(window.count)
    }

    /// Whether a window of the newest samples is the known echo with little else.
    private func isEcho(_ window: Range<Int>) -> Bool {
        let whole = Correlation.energy(history.heard, in: window)
        let rest = Correlation.energy(history.left, in: window)
        let isNew = framesLearned < Self.framesToMature && history.endsAt - foundAt < Self.newMs * EchoReference.samplesPerMs
        let mostLeft = isNew ? 0.5 : max(0.005, leftover * 5)
        return rest < whole / 2 && rest - 2 * history.noise * Float(window.count) < mostLeft * (whole - rest)
    }

    /// Takes a path, found in the newest samples, for the line's.
    mutating func adopt(_ found: EchoPath, leaving rest: [Float]) {
        path = found
        history.left = rest
        framesLearned = 0
    }
}
