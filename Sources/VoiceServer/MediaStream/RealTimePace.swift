/// Slows down the reading of a peer that sends audio faster than it can have been spoken.
///
/// Twilio sends in real time, with bursts after a stall. Whoever sends a recording at once is read in real time, too, so that
/// one stream cannot take the processor and the recogniser from all others.
struct RealTimePace: Sendable {
    /// Audio that may come ahead of time, in ms.
    static let burstMs = 5000

    private let start = ContinuousClock.now
    private var heardMs = 0

    /// Notes mu-law audio at 8,000 Hz, and waits while more has come than a caller can have said.
    mutating func wait(afterBytes bytes: Int) async {
        heardMs += bytes / 8
        let allowed = start + .milliseconds(heardMs - Self.burstMs)
        guard allowed > .now else { return }
        // A cancelled wait means that the socket is being closed.
        try? await Task.sleep(until: allowed)
    }
}
