import Conversation
import Synchronization

/// Hands stored events to whoever listens at the moment.
///
/// A listener that falls ``mostWaiting`` events behind is cut off; it comes back and reads on from the store.
final class EventHub: Sendable {
    /// Events that wait for one listener.
    static let mostWaiting = 4096
    /// How often idle listeners hear a heartbeat, so that dead connections are noticed.
    static let heartbeat = Duration.seconds(15)

    /// What a listener hears.
    enum News: Sendable {
        case event(StoredEvent)
        case heartbeat
    }

    private struct Listener {
        var session: String?
        var continuation: AsyncStream<News>.Continuation
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var nextID = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// What happens from now on, in a session or (nil) in all.
    func listen(to session: String?) -> AsyncStream<News> {
        let (stream, continuation) = AsyncStream<News>.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
        state.withLock { state in
            guard !state.isFinished else { return continuation.finish() }
            let id = state.nextID
            state.nextID += 1
            state.listeners[id] = Listener(session: session, continuation: continuation)
            continuation.onTermination = { [weak self] _ in self?.remove(id) }
        }
        return stream
    }

    /// Tells events that have been stored; to those who listen to all sessions only where `isForAll`.
    func publish(_ events: [StoredEvent], isForAll: Bool = true) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners {
            for event in events where listener.session.map({ $0 == event.session }) ?? isForAll {
                if case .dropped = listener.continuation.yield(.event(event)) { listener.continuation.finish() }
            }
        }
    }

    /// Sends heartbeats until cancelled.
    func beat() async {
        while (try? await Task.sleep(for: Self.heartbeat)) != nil {
            let listeners = state.withLock { Array($0.listeners.values) }
            listeners.forEach { $0.continuation.yield(.heartbeat) }
        }
    }

    /// Ends all listening.
    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            return Array(state.listeners.values)
        }
        listeners.forEach { $0.continuation.finish() }
    }

    private func remove(_ id: Int) {
        state.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
}
