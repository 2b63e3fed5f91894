import Conversation
import Logging

/// Calls whose line was lost, and the ends of those that do not come back.
extension CallDirectory {
    /// Takes over what a server left behind that died: its calls may come back now.
    func awaitReturn(of calls: [(session: String, loss: LineLoss)]) {
        for call in calls { wait(for: call.session, after: call.loss) }
    }

    /// Waits for a session's call for as long as it may take to come back.
    func wait(for id: String, after loss: LineLoss) {
        awaited.wait(for: id, after: loss, until: .now + max(resumeGrace, loss.patience))
    }

    /// Stops the sessions whose calls have not come back in time.
    func expireAwaited(now: ContinuousClock.Instant = .now) async {
        // A stream that is being claimed may yet be refused: then its session is looked at again.
        for (session, loss) in awaited.takeOverdue(at: now, unless: { live[$0] != nil }) {
            logger.notice("A call whose line was away did not come back", metadata: ["session_id": "\(session)", "reason": "\(loss.rawValue)"])
            let reason = await stopReason(of: session, after: loss)
            guard live[session] == nil else { continue }
            log.record(.stop(session: session, reason: reason, at: Timestamp.now))
        }
    }

    /// Writes down the end of a session.
    ///
    /// If the store refuses, it is written once it can be: Twilio tells of an end only once.
    ///
    /// - Returns: whether the session had not ended before.
    /// - Throws: what kept the store from being written.
    @discardableResult
    func stop(_ id: String, reason: String) async throws -> Bool {
        returning.remove(id)
        let stop = StoreChange.stop(session: id, reason: reason, at: Timestamp.now)
        do {
            return try await log.commit(stop) != nil
        } catch {
            log.record(stop)
            throw error
        }
    }
}
