/// The clock a call's own time-outs and pacing run on; a virtual one in tests.
package protocol CallClock: Sendable {
    /// Milliseconds since some fixed moment, never going back.
    var nowMs: Int { get }

    /// Suspends until ``nowMs`` has reached `deadlineMs`; throws `CancellationError` when cancelled.
    func sleep(untilMs deadlineMs: Int) async throws
}

/// The machine's monotonic clock, counted from the moment this value was made.
package struct MonotonicCallClock: CallClock {
    private let origin = ContinuousClock.now

    /// Starts a clock at zero.
    package init() {}

    package var nowMs: Int {
        let (seconds, attoseconds) = origin.duration(to: .now).components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    package func sleep(untilMs deadlineMs: Int) async throws {
        try await Task.sleep(until: origin + .milliseconds(deadlineMs), tolerance: .milliseconds(2), clock: .continuous)
    }
}
