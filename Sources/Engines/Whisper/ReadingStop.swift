import Synchronization

/// Ends the reading of a clip before its time, from any thread.
final class ReadingStop: Sendable {
    private struct State {
        var isStopped = false
        var room: WhisperRoom?
    }

    private let state = Mutex(State())

    /// Whether the reading was asked to end.
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Has the reading end soon, also one that has not begun.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.room?.stop()
        }
    }

    /// Reads in a room that ``stop()`` reaches meanwhile.
    func whileReading<Value, Failure: Error>(in room: WhisperRoom, _ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        state.withLock { state in
            state.room = room
            if state.isStopped { room.stop() }
        }
        defer {
            state.withLock { $0.room = nil }
            room.reset()
        }
        return try body()
    }
}
