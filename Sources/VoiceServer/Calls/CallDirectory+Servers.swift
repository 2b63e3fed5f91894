import Conversation
import Logging

// What other servers ask for, and what this one asks of them.
extension CallDirectory: CallHolder {
    func handOver(_ id: String) async -> Bool {
        yielding.insert(id)
        defer { yielding.remove(id) }
        guard await makeRoom(for: id) else { return false }
        awaited.remove(id)
        // All that was recorded before is written when this is. A log that is closed has written it already.
        _ = try? await log.commit(.interrupt(session: id, reason: LineLoss.streamSuperseded.rawValue, at: Timestamp.now))
        return true
    }

    func lose(_ id: String) {
        awaited.remove(id)
        guard let call = live[id] else { return }
        logger.warning("A call is ended here because another server holds it", metadata: ["session_id": "\(id)"])
        yielding.insert(id)
        call.end(LineLoss.streamSuperseded.rawValue)
    }

    func inherit(_ sessions: [String]) async {
        for id in sessions {
            let session = try? await log.store.session(id)
            let ends = (try? await Transcript.read(id, from: log.store).eventsCutByServer) ?? []
            // One that came back meanwhile goes on, and ends these tools itself.
            guard live[id] == nil else { continue }
            for event in ends {
                log.record(.event(session: id, event, at: Timestamp.now))
                audit.record(end: event, session: id, caller: session?.from ?? "")
            }
            log.record(.interrupt(session: id, reason: LineLoss.serverLost.rawValue, at: Timestamp.now))
            // A line that was away before the server died is away for that reason.
            wait(for: id, after: session?.interruption.flatMap(LineLoss.init) ?? .serverLost)
        }
    }

    /// Makes a session this server's before a stream is opened for it; false when another server keeps it.
    func acquire(_ id: String) async throws -> Bool {
        switch try await ownership?.acquire(id) ?? .held {
        case .held: return true
        case .refused: return false
        case .inherited:
            // The server that kept it died before it could record the interruption.
            _ = try await log.commit(.interrupt(session: id, reason: LineLoss.serverLost.rawValue, at: Timestamp.now))
            return true
        }
    }
}
