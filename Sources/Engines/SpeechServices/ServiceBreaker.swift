/// Says whether a service is asked, after how it has done lately; a value that knows the time only as it is told.
package struct ServiceBreaker: Sendable, Equatable {
    private enum State: Sendable, Equatable {
        /// The service is asked; so many attempts in a row have failed. Becomes resting.
        case trusted(failures: Int)
        /// The service is left alone up to this moment. Becomes tested.
        case resting(untilMs: Int)
        /// One attempt tests it; nobody else asks. Becomes trusted or resting.
        case tested
    }

    /// So many failures in a row, and the service is left alone.
    private let failureLimit: Int
    /// For so long, in ms.
    package let restMs: Int
    private var state = State.trusted(failures: 0)

    /// Makes a breaker that trusts the service.
    package init(failureLimit: Int = 2, restMs: Int = 30_000) {
        self.failureLimit = max(1, failureLimit)
        self.restMs = restMs
    }

    /// Whether the service may be asked now; who is told so tells what came of it.
    package mutating func admits(nowMs: Int) -> Bool {
        switch state {
        case .trusted: return true
        case .tested: return false
        case .resting(let untilMs):
            guard nowMs >= untilMs else { return false }
            state = .tested
            return true
        }
    }

    /// The service did what it was asked for.
    package mutating func succeeded() { state = .trusted(failures: 0) }

    /// The service failed; true where it is left alone from now on.
    package mutating func failed(nowMs: Int) -> Bool {
        switch state {
        case .trusted(let failures) where failures + 1 < failureLimit:
            state = .trusted(failures: failures + 1)
            return false
        case .trusted, .tested:
            state = .resting(untilMs: nowMs + restMs)
            return true
        case .resting:
            // An attempt from before.
            return false
        }
    }

    /// Nobody waited for what would come of an attempt; a test is made by the next one.
    package mutating func abandoned(nowMs: Int) {
        if state == .tested { state = .resting(untilMs: nowMs) }
    }
}
