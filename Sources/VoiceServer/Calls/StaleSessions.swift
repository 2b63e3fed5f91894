import Conversation

/// Sessions that nothing will ever end.
enum StaleSessions {
    /// Twilio's longest call, in seconds, unless one pays for more: nothing comes back after that.
    private static let longestCallSeconds = 14_400

    /// Takes over those that a server left open when it died: their sockets died with it, and Twilio may be on its way back.
    ///
    /// Runs before the server listens, so that no stream can be opened for one at the same time. Tools that were running get their end, with the
    /// outcome `unknown`. Sessions of a call that cannot go on any more are closed.
    /// - Returns: those that may come back.
    static func takeOver(in store: any CallStore, audit: Audit) async throws -> [(session: String, loss: LineLoss)] {
        let now = Timestamp.now
        let left = try await sessions(in: store, state: .active) { _ in true }
        let isOver = { (session: SessionRecord) in session.lastActivityAt < now - longestCallSeconds * 1_000_000 }
        var changes: [[StoreChange]] = []
        var ends: [AuditEvent] = []
        for session in left {
            // A history that cannot be read does not keep the server from starting.
            let cut = (try? await Transcript.read(session.id, from: store).eventsCutByServer) ?? []
            ends += cut.compactMap { AuditEvent(end: $0, session: session.id, caller: session.from) }
            let reason = LineLoss.serverLost.rawValue
            let end: StoreChange =
                isOver(session) ? .stop(session: session.id, reason: reason, at: now) : .interrupt(session: session.id, reason: reason, at: now)
            changes.append(cut.map { .event(session: session.id, $0, at: now) } + [end])
        }
        try await write(changes, to: store)
        ends.forEach(audit.record)
        // A line that had been lost before the server died stays lost for that reason.
        return left.filter { !isOver($0) }.map { ($0.id, $0.interruption.flatMap(LineLoss.init) ?? .serverLost) }
    }

    /// Writes the changes of several sessions; one session that cannot be written does not hold up the others.
    private static func write(_ changes: [[StoreChange]], to store: any CallStore) async throws {
        do {
            _ = try await store.write(changes.flatMap(\.self))
        } catch {
            if store.isUnavailable(error) { throw error }
            try await store.check()
            for session in changes { _ = try? await store.write(session) }
        }
    }

    /// What ends those whose stream never came: the caller hung up while the webhook was being answered.
    static func expire(in store: any CallStore, olderThan age: Duration) async throws -> [StoreChange] {
        let limit = Timestamp.now - Int(age.components.seconds) * 1_000_000
        return try await sessions(in: store, state: .created) { $0.lastActivityAt < limit }
            .map { .stop(session: $0.id, reason: "no_stream", at: Timestamp.now) }
    }

    private static func sessions(
        in store: any CallStore,
        state: SessionRecord.State,
        where isStale: (SessionRecord) -> Bool
    ) async throws -> [SessionRecord] {
        var found: [SessionRecord] = []
        var last: String?
        while case let page = try await store.sessions(state: state, before: last, limit: 200), let oldest = page.last {
            found += page.filter(isStale)
            last = oldest.id
        }
        return found
    }
}
