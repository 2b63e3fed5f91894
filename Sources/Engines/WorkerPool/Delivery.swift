import Synchronization

/// Brings one result to one waiting task: the first result wins, also when it comes before the task waits.
final class Delivery<Value: Sendable>: Sendable {
    private enum State {
        /// Nobody waits yet and nothing came. May become waiting or arrived.
        case idle
        /// A task waits. May become finished.
        case waiting(CheckedContinuation<Value, any Error>)
        /// A result came before the task. May become finished.
        case arrived(Result<Value, any Error>)
        /// The task has its result.
        case finished
    }

    private let state = Mutex(State.idle)

    /// Waits for the result; a cancelled task leaves at once with `CancellationError`.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { _ = suspend($0) }
        } onCancel: {
            finish(.failure(CancellationError()))
        }
    }

    /// Suspends a task; false when a result was there already, in which case the task is resumed with it at once.
    func suspend(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let early: Result<Value, any Error>? = state.withLock { state in
            guard case .arrived(let result) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .finished
            return result
        }
        guard let early else { return true }
        continuation.resume(with: early)
        return false
    }

    /// Resumes the task; does nothing after the first result.
    func finish(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .idle:
                state = .arrived(result)
                return nil
            case .waiting(let continuation):
                state = .finished
                return continuation
            case .arrived, .finished:
                return nil
            }
        }
        continuation?.resume(with: result)
    }
}
