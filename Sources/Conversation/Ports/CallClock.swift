/// The thread that a call lives on: it runs the call, tells it the time and wakes it.
///
/// All that a call does by itself happens on this executor, one thing after the other. What takes time is done elsewhere; see ``CallSession``.
package protocol CallHome: SerialExecutor {
    /// Milliseconds since some fixed moment, never going back.
    var nowMs: Int { get }

    /// Calls ``CallSession/wake(setForMs:)`` on this executor once ``nowMs`` has reached `momentMs`, or a little later.
    ///
    /// An alarm cannot be taken back. It is asked for on this executor.
    func wake(_ call: CallSession, atMs momentMs: Int)
}

/// The clock that requests to services are limited by; a virtual one in tests.
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

    /// The longest that one timer runs, in ms.
    ///
    /// A cancelled `Task.sleep` ends at once, but its timer and its task's memory stay until the moment it was set to. One that waited for a call's time
    /// limit kept 2.9 KB of each call for hours after the call had ended.
    private static let longestTimerMs = 5_000

    package func sleep(untilMs deadlineMs: Int) async throws {
        var wakeMs: Int
        repeat {
            wakeMs = min(deadlineMs, nowMs + Self.longestTimerMs)
            try await Task.sleep(until: origin + .milliseconds(wakeMs), tolerance: .milliseconds(2), clock: .continuous)
        } while wakeMs < deadlineMs
    }
}
