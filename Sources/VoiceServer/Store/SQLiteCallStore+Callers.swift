package import Conversation
import GRDB

extension SQLiteCallStore {
    package func counts(_ query: CallCountQuery) async throws -> CallCounts {
        try await database.read { connection in
            let others = query.except.isEmpty ? "" : " AND id NOT IN (\(databaseQuestionMarks(count: query.except.count)))"
            let except = StatementArguments(query.except)
            let count = { (condition: String, arguments: StatementArguments) in
                let sql = "SELECT COUNT(*) FROM session WHERE \(condition)\(others)"
                return try Int.fetchOne(connection, sql: sql, arguments: arguments + except) ?? 0
            }
            var counts = CallCounts()
            if let caller = query.caller { counts.ofCaller = try count("caller = ? AND created_at >= ?", [caller, query.callerSince]) }
            if let since = query.since { counts.recent = try count("created_at >= ?", [since]) }
            if let since = query.openSince {
                counts.open = try count("state <> 'stopped' AND (state = 'active' OR created_at >= ?)", [since])
            }
            return counts
        }
    }

    /// A caller's sessions, newest first.
    ///
    /// - Parameters:
    ///   - caller: their ``CallerKey``.
    ///   - before: only sessions created before the session of this id.
    ///   - limit: at most this many.
    /// - Returns: the sessions.
    /// - Throws: whatever kept the database from being read.
    func sessions(ofCaller caller: String, before: String?, limit: Int) async throws -> [SessionRecord] {
        try await database.read { connection in
            var query = SessionRecord.filter(Column("caller") == caller).order(Column("created_at").desc, Column("id").desc).limit(limit)
            if let before {
                guard let anchor = try SessionRecord.fetchOne(connection, key: before) else { return [] }
                query = query.filter(sql: "(created_at, id) < (?, ?)", arguments: [anchor.createdAt, anchor.id])
            }
            return try query.fetchAll(connection)
        }
    }

    /// Sessions that stopped before a moment, the oldest first.
    func sessions(stoppedBefore moment: Int, limit: Int) async throws -> [SessionRecord] {
        try await database.read { connection in
            // A session was made before it stopped, so the index by age leads to it.
            try SessionRecord.filter(Column("created_at") < moment && Column("state") == "stopped" && Column("stopped_at") < moment)
                .order(Column("created_at"), Column("id"))
                .limit(limit)
                .fetchAll(connection)
        }
    }
}
