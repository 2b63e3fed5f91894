import NIOCore
import Synchronization

/// The connections on which nothing is being done for anybody: they wait for a request, or are in the middle of one.
///
/// Such connections cost their peers nothing, so there is room for so many. A peer that means it is served within
/// milliseconds; when one more comes, the connection that has waited longest goes.
final class WaitingRoom: Sendable {
    private struct State {
        var places: [ObjectIdentifier: Int] = [:]
        var waiting: [Int: any Channel] = [:]
        var next = 0
        var oldest = 0
    }

    private let size: Int
    private let state = Mutex(State())
    private let noteCrowded: @Sendable () -> Void

    /// Makes a room of so many places; `noteCrowded` is told of each connection that had to go.
    init(size: Int, noteCrowded: @escaping @Sendable () -> Void) {
        self.size = size
        self.noteCrowded = noteCrowded
    }

    /// How many wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// A connection begins to wait, or begins anew.
    func enter(_ channel: any Channel) {
        let victim = state.withLock { state -> (any Channel)? in
            Self.remove(channel, from: &state)
            state.places[ObjectIdentifier(channel)] = state.next
            state.waiting[state.next] = channel
            state.next += 1
            guard state.waiting.count > size else { return nil }
            while state.waiting[state.oldest] == nil { state.oldest += 1 }
            guard let victim = state.waiting[state.oldest] else { return nil }
            Self.remove(victim, from: &state)
            return victim
        }
        guard let victim else { return }
        noteCrowded()
        victim.close(promise: nil)
    }

    /// A connection waits no longer: it is being served, or is closed.
    func leave(_ channel: any Channel) {
        state.withLock { Self.remove(channel, from: &$0) }
    }

    private static func remove(_ channel: any Channel, from state: inout State) {
        guard let place = state.places.removeValue(forKey: ObjectIdentifier(channel)) else { return }
        state.waiting[place] = nil
    }
}
