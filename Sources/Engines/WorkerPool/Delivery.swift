import Synchronization

/// Brings one result to one waiting task: the first result wins, also when it comes before the task waits.
final class Delivery<Value: Sendable>: Sendable {
    private enum State {
        /// Nobody waits yet and nothing came. May become waiting or finished.
        case idle
        /// A task waits. May become finished.
        case waiting(CheckedContinuation<Value, any Error>)
        /// A result came first and waits for the task, or was handed over.
        case finished
    }

    private let state = Mutex(State.idle)

    /// Suspends a task; false when the delivery was cancelled before, in which case the task is resumed at once.
    func suspend(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let waits = state.withLock { state in
            guard case .idle = state else { return false }
            state = .waiting(continuation)
            return true
        }
        // Only a cancelled task finishes before it waits.
        if !waits { continuation.resume(throwing: CancellationError()) }
        return waits
    }

    /// Resumes the task; does nothing when that has been done.
    func finish(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
            defer { state = .finished }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume(with: result)
    }
}
