import GRDB

/// The column by which the calls of one caller are found, however their number was written, and what calls are counted by.
enum CallerColumn {
    /// Adds it, and fills it for the sessions there are.
    static func add(to database: Database) throws {
        try database.alter(table: "session") { $0.add(column: "caller", .text) }
        let sessions = try Row.fetchCursor(database, sql: "SELECT DISTINCT from_number FROM session")
        var callers: [String] = []
        while let row = try sessions.next() { callers.append(row["from_number"]) }
        for from in callers {
            try database.execute(sql: "UPDATE session SET caller = ? WHERE from_number = ?", arguments: [CallerKey.key(of: from), from])
        }
        try database.create(index: "session_by_caller", on: "session", columns: ["caller", "created_at"])
        try database.execute(sql: "CREATE INDEX session_open ON session (state, created_at) WHERE state <> 'stopped'")
    }
}
