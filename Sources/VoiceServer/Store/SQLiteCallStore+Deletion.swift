import Conversation
import GRDB

extension SQLiteCallStore {
    /// Events deleted in one transaction, so that no call waits long for its own to be written.
    private static let deletionBatch = 500
    /// How often the write-ahead file is tried to be emptied while others read.
    private static let checkpointAttempts = 50
    /// How long to wait between two attempts.
    private static let checkpointDelay = Duration.milliseconds(100)

    /// Deletes a session that has stopped, with its events, a part at a time.
    ///
    /// - Returns: whether it is gone; false for one that has not stopped.
    func delete(_ id: String) async throws -> Bool {
        while true {
            let left = try await database.write { connection -> Int? in
                guard try SessionRecord.fetchOne(connection, key: id).map({ $0.state == .stopped }) ?? true else { return nil }
                try connection.execute(
                    sql: "DELETE FROM event WHERE position IN (SELECT position FROM event WHERE session_id = ? LIMIT ?)",
                    arguments: [id, Self.deletionBatch]
                )
                let count = connection.changesCount
                if count < Self.deletionBatch { try connection.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id]) }
                return count
            }
            guard let left else { return false }
            if left < Self.deletionBatch { return true }
        }
    }

    /// Writes the database anew, so that nothing deleted is left in its files: zeros take the place of what is deleted, but not of copies that SQLite
    /// left behind when it moved rows about.
    ///
    /// Whoever writes waits meanwhile, some seconds for a gigabyte.
    func rewrite() async throws {
        try await database.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
        try await emptyWriteAheadFile()
    }

    /// Empties the write-ahead file, which holds earlier versions of what was changed.
    func emptyWriteAheadFile() async throws {
        for attempt in 1...Self.checkpointAttempts {
            do {
                _ = try await database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && attempt < Self.checkpointAttempts {
                try await Task.sleep(for: Self.checkpointDelay)
            }
        }
    }
}
