import Crypto
import Diagnostics
import Foundation

/// The folder that holds everything the server keeps.
package struct DataDirectory: Sendable {
    /// The folder.
    package let path: String
    private let guardian = FileLock()

    /// Makes the folder if need be and checks that it can be written to.
    ///
    /// - Throws: ``StartError`` when it cannot.
    package init(_ path: String) throws(StartError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let trial = "\(path)/.writable-\(ProcessInfo.processInfo.processIdentifier)"
            try Data().write(to: URL(fileURLWithPath: trial))
            try FileManager.default.removeItem(atPath: trial)
        } catch {
            throw Self.unwritable(path, "it cannot be written to")
        }
    }

    /// The database of sessions and events.
    package var database: String { "\(path)/agentos.sqlite" }

    /// The file of the REST API's token, where no setting gives it.
    package var tokenFile: String { "\(path)/api-token" }

    /// The folder of calls' journals.
    var journals: String { "\(path)/journals" }

    /// Keeps every other server out of the folder for as long as this value lives.
    ///
    /// - Throws: ``StartError`` when a server uses it already.
    func lock() throws(StartError) {
        let file = "\(path)/lock"
        guard guardian.lock(file) else {
            throw StartError(
                .cannotCreate,
                "the data directory \(path) is in use by another server; stop it, or give --data-dir (AGENTOS_DATA_DIR) another"
            )
        }
    }

    /// Opens the store.
    package func openStore() throws(StartError) -> SQLiteCallStore {
        // Callers' words and numbers are their own: the file is its owner's alone, and SQLite gives its others the same mode.
        if !FileManager.default.fileExists(atPath: database) {
            _ = FileManager.default.createFile(atPath: database, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        do {
            return try SQLiteCallStore(path: database)
        } catch {
            throw Self.unwritable(path, "\(database) cannot be opened: \(ErrorText.of(error))")
        }
    }

    /// Opens the audit trail for writing.
    func openAudit() throws(StartError) -> AuditWriter {
        let folder = AuditFolder(in: path)
        do {
            return try AuditWriter(folder)
        } catch {
            throw Self.unwritable(path, "the audit trail in \(folder.path) cannot be opened: \(ErrorText.of(error))")
        }
    }

    /// The REST API's token: made once, kept in the folder, readable by its owner alone.
    package func apiToken() throws(StartError) -> String {
        let file = tokenFile
        if FileManager.default.fileExists(atPath: file) {
            let kept = (try? String(contentsOfFile: file, encoding: .utf8))?.filter { !$0.isWhitespace }
            guard let kept, kept.count >= 16 else {
                throw Self.unwritable(path, "\(file) cannot be read or holds no token of 16 characters or more; remove it to have a new one made")
            }
            return kept
        }
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        guard FileManager.default.createFile(atPath: file, contents: Data((token + "\n").utf8), attributes: [.posixPermissions: 0o600]) else {
            throw Self.unwritable(path, "\(file) cannot be written")
        }
        return token
    }

    /// What tells the server of this folder from others that share its calls: made once, and kept.
    func nodeID() throws(StartError) -> String {
        let file = "\(path)/node-id"
        if let kept = (try? String(contentsOfFile: file, encoding: .utf8))?.filter({ !$0.isWhitespace }), !kept.isEmpty { return kept }
        let id = String(UInt64.random(in: .min ... .max), radix: 36)
        guard FileManager.default.createFile(atPath: file, contents: Data((id + "\n").utf8), attributes: [.posixPermissions: 0o600]) else {
            throw Self.unwritable(path, "\(file) cannot be written")
        }
        return id
    }

    private static func unwritable(_ path: String, _ problem: String) -> StartError {
        StartError(
            .cannotCreate,
            "the data directory \(path) cannot be used: \(problem); give --data-dir (AGENTOS_DATA_DIR) a folder this user may write to"
        )
    }
}
