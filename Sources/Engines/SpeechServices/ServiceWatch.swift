import Conversation
import Diagnostics
import Synchronization

/// Keeps the breaker of one service for all calls, and reports its failures.
final class ServiceWatch: Sendable {
    private let breaker: Mutex<ServiceBreaker>
    private let clock: any CallClock
    private let report: @Sendable (String) -> Void

    init(_ breaker: ServiceBreaker, clock: any CallClock, report: @escaping @Sendable (String) -> Void) {
        self.breaker = Mutex(breaker)
        self.clock = clock
        self.report = report
    }

    /// An attempt with the service.
    ///
    /// - Parameter isOnlyChoice: whether nobody else could do it, in which case the service is always asked.
    /// - Returns: the attempt; nil where the service is left alone.
    func attempt(isOnlyChoice: Bool) -> ServiceAttempt? {
        let isAdmitted = breaker.withLock { $0.admits(nowMs: clock.nowMs) }
        return isAdmitted || isOnlyChoice ? ServiceAttempt(self) : nil
    }

    fileprivate func succeeded() { breaker.withLock { $0.succeeded() } }

    fileprivate func abandoned() { breaker.withLock { $0.abandoned(nowMs: clock.nowMs) } }

    fileprivate func failed(_ error: any Error) {
        let (isResting, restMs) = breaker.withLock { ($0.failed(nowMs: clock.nowMs), $0.restMs) }
        let line = ErrorText.of(error)
        report(isResting ? "\(line); it is left alone for \(restMs / 1_000) s" : line)
    }
}

/// One attempt with a service, whose outcome counts once.
///
/// One that is let go of without a word was interrupted by who asked: a success where the service had begun to answer, else nothing.
final class ServiceAttempt: Sendable {
    private enum State {
        /// Nothing has come of it. Becomes `answering` or `settled`.
        case open
        /// The service has begun to answer. Becomes `settled`.
        case answering
        /// The outcome is known.
        case settled
    }

    private let watch: ServiceWatch
    private let state = Mutex(State.open)

    fileprivate init(_ watch: ServiceWatch) { self.watch = watch }

    deinit {
        switch settle() {
        case .open: watch.abandoned()
        case .answering: watch.succeeded()
        case .settled: return
        }
    }

    /// The service has begun to answer.
    func began() {
        state.withLock { if case .open = $0 { $0 = .answering } }
    }

    /// The service did what it was asked for.
    func succeeded() {
        if settle() != .settled { watch.succeeded() }
    }

    /// The service failed; does nothing where the task was cancelled, because that is no failure.
    func failed(_ error: any Error) {
        guard !Self.isCancellation(error), settle() != .settled else { return }
        watch.failed(error)
    }

    /// Whether the work ended because nobody wanted it any more.
    static func isCancellation(_ error: any Error) -> Bool { error is CancellationError || Task.isCancelled }

    private func settle() -> State {
        state.withLock { state in
            defer { state = .settled }
            return state
        }
    }
}
