import Conversation

/// Sessions that nothing will ever end.
enum StaleSessions {
    /// Closes those that a server left open when it died: their sockets died with it.
    ///
    /// Runs before the server listens, so that no stream can be opened for one at the same time.
    /// - Returns: how many there were.
    static func close(in store: any CallStore) async throws -> Int {
        let changes = try await changes(in: store, state: .active, reason: "server_lost") { _ in true }
        _ = try await store.write(changes)
        return changes.count
    }

    /// What ends those whose stream never came: the caller hung up while the webhook was being answered.
    static func expire(in store: any CallStore, olderThan age: Duration) async throws -> [StoreChange] {
        let limit = Timestamp.now - Int(age.components.seconds) * 1_000_000
        return try await changes(in: store, state: .created, reason: "no_stream") { $0.lastActivityAt < limit }
    }

    private static func changes(
        in store: any CallStore,
        state: SessionRecord.State,
        reason: String,
        where isStale: (SessionRecord) -> Bool
    ) async throws -> [StoreChange] {
        var changes: [StoreChange] = []
        var last: String?
        while case let page = try await store.sessions(state: state, before: last, limit: 200), let oldest = page.last {
            changes += page.filter(isStale).map { .stop(session: $0.id, reason: reason, at: Timestamp.now) }
            last = oldest.id
        }
        return changes
    }
}
