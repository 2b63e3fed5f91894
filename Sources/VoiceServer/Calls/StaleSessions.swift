import Conversation

/// Sessions that nothing will ever end.
enum StaleSessions {
    /// Twilio's longest call, in seconds, unless one pays for more: nothing comes back after that.
    private static let longestCallSeconds = 14_400

    /// Takes over those that a server left open when it died: their sockets died with it, and Twilio may be on its way back.
    ///
    /// Runs before the server listens, so that no stream can be opened for one at the same time. Those of a call that cannot be any more are closed.
    /// - Returns: those that may come back.
    static func takeOver(in store: any CallStore) async throws -> [(session: String, loss: LineLoss)] {
        let now = Timestamp.now
        let left = try await sessions(in: store, state: .active) { _ in true }
        let isOver = { (session: SessionRecord) in session.lastActivityAt < now - longestCallSeconds * 1_000_000 }
        _ = try await store.write(
            left.map { session in
                isOver(session)
                    ? .stop(session: session.id, reason: LineLoss.serverLost.rawValue, at: now)
                    : .interrupt(session: session.id, reason: LineLoss.serverLost.rawValue, at: now)
            }
        )
        // A line that had been lost before the server died stays lost for that reason.
        return left.filter { !isOver($0) }.map { ($0.id, $0.interruption.flatMap(LineLoss.init) ?? .serverLost) }
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
