import Crypto
import Foundation
import GRDB

/// The keys of what belongs to persons, one for each, in a database of their own.
///
/// A person is found by a keyed hash of the number, never by the number. Once a key is deleted, what was sealed with it is lost for good.
final class AuditKeys: Sendable {
    private let database: DatabaseQueue
    /// Keys the hashes of numbers and secrets; it never leaves the database.
    private let index: SymmetricKey

    /// Opens or makes the database.
    init(_ path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { connection in
            // A deleted key must be gone from the file, too.
            try connection.execute(sql: "PRAGMA secure_delete = ON")
            try connection.execute(sql: "PRAGMA synchronous = FULL")
        }
        database = try DatabaseQueue(path: path, configuration: configuration)
        try Self.migrator.migrate(database)
        index = try database.write { connection in
            if let known = try Data.fetchOne(connection, sql: "SELECT value FROM state WHERE name = 'index'") { return SymmetricKey(data: known) }
            let new = SymmetricKey(size: .bits256)
            try connection.execute(sql: "INSERT INTO state (name, value) VALUES ('index', ?)", arguments: [Self.data(new)])
            return new
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("keys") { database in
            try database.create(table: "key") { table in
                table.primaryKey("id", .text)
                table.column("owner", .blob).notNull().unique()
                table.column("secret", .blob).notNull()
            }
            try database.create(table: "state") { table in
                table.primaryKey("name", .text)
                table.column("value", .blob).notNull()
            }
        }
        return migrator
    }

    /// The keys of these persons, made where there are none.
    func keys(of owners: Set<AuditOwner>) throws -> [AuditOwner: AuditKey] {
        guard !owners.isEmpty else { return [:] }
        return try database.write { connection in
            var keys: [AuditOwner: AuditKey] = [:]
            for owner in owners {
                let place = hash(owner.text)
                if let row = try Row.fetchOne(connection, sql: "SELECT id, secret FROM key WHERE owner = ?", arguments: [place]) {
                    keys[owner] = AuditKey(id: row["id"], secret: SymmetricKey(data: row["secret"] as Data))
                } else {
                    let new = AuditKey(id: AuditRecord.hex(Self.data(SymmetricKey(size: .bits128))), secret: SymmetricKey(size: .bits256))
                    try connection.execute(
                        sql: "INSERT INTO key (id, owner, secret) VALUES (?, ?, ?)",
                        arguments: [new.id, place, new.stored]
                    )
                    keys[owner] = new
                }
            }
            return keys
        }
    }

    /// The key of this id; nil when it was deleted.
    func secret(_ id: String) throws -> SymmetricKey? {
        try database.read { try Data.fetchOne($0, sql: "SELECT secret FROM key WHERE id = ?", arguments: [id]) }.map { SymmetricKey(data: $0) }
    }

    /// Deletes a person's key; returns the ids of what is gone.
    func erase(_ owner: AuditOwner) throws -> [String] {
        try database.write { connection in
            let ids = try String.fetchAll(connection, sql: "SELECT id FROM key WHERE owner = ?", arguments: [hash(owner.text)])
            try connection.execute(sql: "DELETE FROM key WHERE owner = ?", arguments: [hash(owner.text)])
            return ids
        }
    }

    /// What shows that a secret has changed and not what it is.
    func digest(of secret: String) -> String {
        AuditRecord.hex(hash("secret \(secret)").prefix(8))
    }

    /// A text that is kept from one start to the next.
    func state(_ name: String) throws -> String? {
        try database.read { try Data.fetchOne($0, sql: "SELECT value FROM state WHERE name = ?", arguments: [name]) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Keeps a text.
    func setState(_ name: String, _ text: String) throws {
        try database.write { connection in
            try connection.execute(
                sql: "INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                arguments: [name, Data(text.utf8)]
            )
        }
    }

    private func hash(_ text: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: index))
    }

    private static func data(_ key: SymmetricKey) -> Data { key.withUnsafeBytes { Data($0) } }
}
