import Conversation
import Logging
import Redis
import Synchronization

/// Hears what all servers tell, and tells it here.
struct FleetFeed: Sendable {
    /// How long one look at the stream may wait.
    private static let look = Duration.seconds(2)
    /// Events taken at a time.
    private static let mostEvents = 500
    /// The pause after Redis could not be asked.
    private static let pause = Duration.milliseconds(250)

    let store: SharedCallStore
    let log: EventLog

    /// Listens until cancelled, from where the stream was when Redis was first reached.
    func run() async {
        var place: Int?
        while !Task.isCancelled {
            guard store.shared.client.isConnected else {
                try? await Task.sleep(for: Self.pause)
                continue
            }
            do {
                try await store.shared.client.withConnection { connection in
                    var last = if let place { place } else { try await store.beginFeed(at: await store.shared.lastPosition()) }
                    while !Task.isCancelled {
                        last = try await hear(after: last, on: connection)
                        place = last
                    }
                }
            } catch {
                // The client says in the log that Redis is away.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// Tells what follows a place; the place of the last event that was told.
    private func hear(after place: Int, on connection: RedisConnection) async throws -> Int {
        let look = ["COUNT", String(Self.mostEvents), "BLOCK", String(Self.look.components.seconds * 1000)]
        let command = RedisCommand("XREAD", arguments: look + ["STREAMS", FleetKeys.stream, "\(place)-0"])
        let reply = try await connection.wait(for: command, patience: Self.look)
        guard let entries = reply.pairs?.first?.value else { return place }
        let events = try SharedSessions.entries(entries)
        for event in events where event.type == EventJSON.type(of: .call(.stopped(reason: ""))) {
            store.ledger.withLock { $0.ended(event.session) }
        }
        log.tell(events)
        guard let last = events.last?.position else { return place }
        store.note(position: last)
        return last
    }
}
