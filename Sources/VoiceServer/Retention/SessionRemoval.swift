import Conversation

/// Deletes stopped sessions with everything that is kept of them.
struct SessionRemoval: Sendable {
    /// Where sessions and events are.
    let store: SQLiteCallStore
    /// The folder of the journals.
    let journals: String

    /// Deletes a session; false when it has not stopped.
    func remove(_ session: SessionRecord) async throws -> Bool {
        guard session.state == .stopped else { return false }
        // First what only the session leads to.
        try await JournalFile.remove(of: session, in: journals)
        return try await store.delete(session.id)
    }
}
