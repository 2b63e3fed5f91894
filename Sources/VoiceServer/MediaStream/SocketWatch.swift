import Synchronization

/// When a socket was last heard, and whether its stream has begun.
final class SocketWatch: Sendable {
    /// What is to be thought of a socket.
    enum Verdict: Sendable {
        case fine
        case noStart
        case silent
    }

    private struct State {
        var openedAt = ContinuousClock.now
        var heardAt = ContinuousClock.now
        var hasStarted = false
    }

    private let state = Mutex(State())

    /// A message came.
    func hear() {
        state.withLock { $0.heardAt = .now }
    }

    /// Whether the peer has been heard within the last second; Twilio sends 50 messages in that time.
    var isHeard: Bool { state.withLock { $0.heardAt.duration(to: .now) < .seconds(1) } }

    /// The stream has begun.
    func hasStarted() {
        state.withLock { $0.hasStarted = true }
    }

    /// The judgement at this moment.
    func verdict(patience: MediaStreamSocket.Patience) -> Verdict {
        let state = state.withLock { $0 }
        if !state.hasStarted { return state.openedAt.duration(to: .now) >= patience.start ? .noStart : .fine }
        return state.heardAt.duration(to: .now) >= patience.idle ? .silent : .fine
    }
}
