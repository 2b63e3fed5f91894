/// A clock on which time passes faster than outside, so that a call in real time takes a fraction of it.
package struct AcceleratedClock: Clock {
    /// A point in the faster time.
    package struct Instant: InstantProtocol {
        var sinceStart: Duration

        package func advanced(by duration: Duration) -> Self { Self(sinceStart: sinceStart + duration) }
        package func duration(to other: Self) -> Duration { other.sinceStart - sinceStart }
        package static func < (one: Self, other: Self) -> Bool { one.sinceStart < other.sinceStart }
    }

    private let start = ContinuousClock.now
    private let factor: Int

    /// Makes a clock that runs `factor` times as fast as the continuous one, from now on.
    package init(factor: Int) { self.factor = max(1, factor) }

    package var now: Instant { Instant(sinceStart: start.duration(to: .now) * factor) }

    package var minimumResolution: Duration { ContinuousClock().minimumResolution * factor }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: start.advanced(by: deadline.sinceStart / factor), tolerance: tolerance.map { $0 / factor })
    }
}
