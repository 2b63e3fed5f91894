import Conversation
import Synchronization

/// A clock that stands still until a test moves it.
final class VirtualClock: CallClock {
    private struct Sleeper {
        var deadlineMs: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var nowMs = 1000
        var lastID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Cancelled before they fell asleep.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var nowMs: Int { state.withLock { $0.nowMs } }

    /// How many are asleep.
    var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    func sleep(untilMs deadlineMs: Int) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    guard deadlineMs > state.nowMs else { return .success(()) }
                    state.sleepers[id] = Sleeper(deadlineMs: deadlineMs, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock on and wakes whoever waited for that.
    func advance(ms: Int) {
        let woken = state.withLock { state in
            state.nowMs += ms
            let due = state.sleepers.filter { [nowMs = state.nowMs] in $0.value.deadlineMs <= nowMs }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadlineMs < $1.deadlineMs }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }
}
