/// Slows down the reading of a peer that sends audio much faster than it can have been spoken.
///
/// Twilio sends in real time, with bursts after a stall; a program may send a recording faster. Neither is slowed down, but no
/// stream takes more of the processor and the recogniser than ``mostSpeed`` callers would.
struct RealTimePace: Sendable {
    /// Audio that may come ahead of time, in ms.
    static let burstMs = 10_000
    /// How many times as fast as real time a stream is read in the long run.
    static let mostSpeed = 4

    /// What a message that is no audio counts as: a frame of it, so that a flood of small messages is slowed down too.
    static let frameBytes = 160

    private var heardMs = 0

    /// Adds mu-law audio at 8,000 Hz.
    ///
    /// - Returns: how long after the start of the stream more may be read, in ms; zero or less if it may be read at once.
    mutating func aheadMs(afterBytes bytes: Int) -> Int {
        heardMs += bytes / 8
        return (heardMs - Self.burstMs) / Self.mostSpeed
    }
}
