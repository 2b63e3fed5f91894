package import Conversation
import Foundation
import GRDB

/// Keeps calls in a SQLite database in write-ahead mode.
package struct SQLiteCallStore: CallStore {
    /// With less room than this on the disk no new call is begun: those that run need it for their ends.
    private static let leastFreeBytes = 1 << 20

    private let path: String
    /// The database.
    let database: DatabasePool

    /// Opens or makes the database at `path` and brings its schema up to date.
    package init(path: String) throws {
        try self.init(path: path, upTo: nil)
    }

    /// Opens or makes the database with the schema of an earlier version, for tests; nil for today's.
    init(path: String, upTo version: String?) throws {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { connection in
            // A committed transaction must survive a power cut: what was told has to be there.
            try connection.execute(sql: "PRAGMA synchronous = FULL")
            // What is deleted is gone, and not only out of sight: freed space is filled with zeros.
            try connection.execute(sql: "PRAGMA secure_delete = ON")
        }
        self.path = path
        database = try DatabasePool(path: path, configuration: configuration)
        if let version { try Self.migrator.migrate(database, upTo: version) } else { try Self.migrator.migrate(database) }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("sessions and events") { database in
            try database.create(table: "session") { table in
                table.primaryKey("id", .text)
                table.column("project_id", .text).notNull()
                table.column("provider", .text).notNull()
                table.column("stt_provider", .text).notNull()
                table.column("transport", .text).notNull()
                table.column("call_id", .text).notNull()
                table.column("stream_id", .text)
                table.column("from_number", .text).notNull()
                table.column("to_number", .text).notNull()
                table.column("state", .text).notNull().check { ["created", "active", "stopped"].contains($0) }
                table.column("created_at", .integer).notNull()
                table.column("last_activity_at", .integer).notNull()
                table.column("stopped_at", .integer)
                table.column("stop_reason", .text)
                table.column("stream_count", .integer).notNull().defaults(to: 0)
                table.column("last_seq", .integer).notNull().defaults(to: 0)
            }
            try database.create(index: "session_by_age", on: "session", columns: ["created_at", "id"])
            try database.create(table: "event") { table in
                table.autoIncrementedPrimaryKey("position")
                table.column("session_id", .text).notNull().references("session", onDelete: .cascade)
                table.column("seq", .integer).notNull()
                table.column("type", .text).notNull()
                table.column("json", .text).notNull()
                table.uniqueKey(["session_id", "seq"])
            }
        }
        migrator.registerMigration("interruptions") { database in
            try database.alter(table: "session") { table in table.add(column: "interruption", .text) }
            // One row that is written to find out whether anything can be.
            try database.create(table: "pulse") { table in
                table.primaryKey("id", .integer)
                table.column("at", .integer).notNull()
            }
        }
        migrator.registerMigration("callers") { try CallerColumn.add(to: $0) }
        migrator.registerMigration("agents") { database in
            try database.alter(table: "session") { table in table.add(column: "agent", .text).notNull().defaults(to: "") }
        }
        migrator.registerMigration("moments of interruption") { database in
            try database.alter(table: "session") { $0.add(column: "interrupted_at", .integer) }
        }
        return migrator
    }

    package func write(_ changes: [StoreChange]) async throws -> [StoredEvent?] {
        try await database.write { connection in
            // A session is read and written once a batch, however much happens in it.
            var sessions: [String: SessionRecord] = [:]
            let events = try changes.map { try Self.apply($0, to: &sessions, in: connection) }
            for session in sessions.values { try session.update(connection) }
            return events
        }
    }

    package func check() async throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if let free = try FileManager.default.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? Int, free < Self.leastFreeBytes {
            throw StoreError.diskFull(freeBytes: free)
        }
        try await database.write { try $0.execute(sql: "INSERT OR REPLACE INTO pulse (id, at) VALUES (1, ?)", arguments: [Timestamp.now]) }
    }

    package func isUnavailable(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        // A full disk may still have room for the one row that a check writes.
        let ofStore: [ResultCode] = [
            .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM, .SQLITE_CORRUPT,
            .SQLITE_NOTADB, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_INTERRUPT, .SQLITE_ABORT, .SQLITE_PROTOCOL,
        ]
        return ofStore.contains(error.resultCode)
    }

    package func reason(for error: any Error) -> String {
        switch error {
        // Its description shows the statement's arguments.
        case let error as DatabaseError: "\(error.extendedResultCode): \(error.message ?? "")"
        case EncodingError.invalidValue(_, let context): "a value has no form in JSON: \(context.debugDescription)"
        default: "\(type(of: error))"
        }
    }

    package func session(_ id: String) async throws -> SessionRecord? {
        try await database.read { try SessionRecord.fetchOne($0, key: id) }
    }

    package func sessions(state: SessionRecord.State?, before: String?, limit: Int) async throws -> [SessionRecord] {
        try await database.read { connection in
            var query = SessionRecord.order(Column("created_at").desc, Column("id").desc).limit(limit)
            if let state { query = query.filter(Column("state") == state.rawValue) }
            if let moment = before.flatMap(Timestamp.microseconds) {
                query = query.filter(Column("created_at") < moment)
            } else if let before {
                guard let anchor = try SessionRecord.fetchOne(connection, key: before) else { return [] }
                query = query.filter(sql: "(created_at, id) < (?, ?)", arguments: [anchor.createdAt, anchor.id])
            }
            return try query.fetchAll(connection)
        }
    }

    package func events(of session: String, after seq: Int, limit: Int) async throws -> [StoredEvent] {
        try await database.read { connection in
            try StoredEvent.filter(Column("session_id") == session && Column("seq") > seq).order(Column("seq")).limit(limit).fetchAll(connection)
        }
    }

    package func lastPosition() async throws -> Int {
        try await database.read { try Int.fetchOne($0, sql: "SELECT MAX(position) FROM event") ?? 0 }
    }

    package func events(after position: Int, limit: Int) async throws -> [StoredEvent] {
        try await database.read { connection in
            try StoredEvent.filter(Column("position") > position).order(Column("position")).limit(limit).fetchAll(connection)
        }
    }

    /// A session, by a statement that is compiled once.
    private static func stored(_ id: String, in connection: Database) throws -> SessionRecord? {
        try SessionRecord.fetchOne(connection.cachedStatement(sql: "SELECT * FROM session WHERE id = ?"), arguments: [id])
    }

    /// Applies one change; returns the event that tells of it, or nil when there is nothing to tell.
    private static func apply(_ change: StoreChange, to sessions: inout [String: SessionRecord], in connection: Database) throws -> StoredEvent? {
        let id = change.sessionID
        let known = try sessions[id] ?? stored(id, in: connection)
        if case .create(let record) = change {
            guard known == nil else { return nil }
            try record.insert(connection)
        }
        guard var session = try known ?? stored(id, in: connection), let told = session.take(change) else { return nil }
        session.lastSeq += 1
        sessions[id] = session
        let json = try EventJSON.encode(told.event, session: session, seq: session.lastSeq, at: told.at)
        let type = EventJSON.type(of: told.event)
        let insert = try connection.cachedStatement(sql: "INSERT INTO event (session_id, seq, type, json) VALUES (?, ?, ?, ?)")
        try insert.execute(arguments: [id, session.lastSeq, type, json])
        return StoredEvent(position: Int(connection.lastInsertedRowID), session: id, seq: session.lastSeq, type: type, json: json)
    }
}
