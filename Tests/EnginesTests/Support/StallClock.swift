import Conversation
import Synchronization

/// A clock that stands still but for the time that an endpoint wastes: time-outs end stalls, and nothing else, however slow the machine is.
final class StallClock: CallClock {
    private struct Sleeper {
        var deadlineMs: Int
        var wake: AsyncStream<Void>.Continuation
    }

    private struct State {
        var nowMs = 0
        var sleepers: [Sleeper] = []
    }

    private let state = Mutex(State())

    var nowMs: Int { state.withLock(\.nowMs) }

    func sleep(untilMs deadlineMs: Int) async throws {
        let (waiting, wake) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            guard state.nowMs < deadlineMs else { return wake.finish() }
            state.sleepers.append(Sleeper(deadlineMs: deadlineMs, wake: wake))
        }
        for await _ in waiting {}
        try Task.checkCancellation()
    }

    /// Lets time pass.
    func pass(_ ms: Int) {
        state.withLock { state in
            state.nowMs += ms
            for sleeper in state.sleepers where sleeper.deadlineMs <= state.nowMs { sleeper.wake.finish() }
            state.sleepers.removeAll { $0.deadlineMs <= state.nowMs }
        }
    }

    /// Lets time pass until somebody has had enough.
    func passOn() async throws {
        while true {
            pass(100)
            try await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }
}
