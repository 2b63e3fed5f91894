import Conversation
import Logging
import ServiceLifecycle

/// Closes sessions that a server left open when it died: their sockets died with it.
struct StaleSessions: Service {
    let log: EventLog
    let logger: Logger

    func run() async throws {
        let begun = Timestamp.now
        while true {
            let stale = try await log.store.sessions(state: .active, before: nil, limit: 200).filter { $0.lastActivityAt < begun }
            guard !stale.isEmpty else { return }
            for session in stale {
                _ = try await log.commit(.stop(session: session.id, reason: "server_lost", at: Timestamp.now))
            }
            logger.warning("Sessions of a server that died were closed", metadata: ["sessions": "\(stale.count)"])
        }
    }
}
