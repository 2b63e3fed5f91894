import Conversation
import GRDB

/// Sessions that come from another server, or go to one.
extension SQLiteCallStore {
    /// The stop reason of a session that another server holds now; it is never told.
    static let movedReason = "moved"

    /// Takes in a session and all of its events as another server left them.
    func adopt(_ record: SessionRecord, _ events: [StoredEvent]) async throws {
        try await database.write { connection in
            try record.save(connection)
            let upsert = """
                INSERT INTO event (session_id, seq, type, json) VALUES (?, ?, ?, ?)
                ON CONFLICT (session_id, seq) DO UPDATE SET type = excluded.type, json = excluded.json
                """
            for event in events {
                try connection.execute(sql: upsert, arguments: [event.session, event.seq, event.type, event.json])
            }
            try connection.execute(sql: "DELETE FROM event WHERE session_id = ? AND seq > ?", arguments: [record.id, record.lastSeq])
        }
    }

    /// Notes that another server holds a session: here nothing more happens in it.
    func forsake(_ id: String, at moment: Int) async throws {
        try await database.write { connection in
            try connection.execute(
                sql: "UPDATE session SET state = 'stopped', stop_reason = ?, stopped_at = ? WHERE id = ? AND state <> 'stopped'",
                arguments: [Self.movedReason, moment, id]
            )
        }
    }
}
