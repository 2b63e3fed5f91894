import Crypto
import Foundation

/// The folder that holds everything the server keeps.
package struct DataDirectory: Sendable {
    /// The folder.
    package let path: String

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

    /// Opens the store.
    package func openStore() throws(StartError) -> SQLiteCallStore {
        do {
            return try SQLiteCallStore(path: database)
        } catch {
            throw Self.unwritable(path, "\(database) cannot be opened: \(LogField.onOneLine("\(error)"))")
        }
    }

    /// The REST API's token: made once, kept in the folder, readable by its owner alone.
    package func apiToken() throws(StartError) -> String {
        let file = "\(path)/api-token"
        if let kept = try? String(contentsOfFile: file, encoding: .utf8) {
            let token = kept.filter { !$0.isWhitespace }
            if token.count >= 16 { return token }
        }
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        guard FileManager.default.createFile(atPath: file, contents: Data((token + "\n").utf8), attributes: [.posixPermissions: 0o600]) else {
            throw Self.unwritable(path, "\(file) cannot be written")
        }
        return token
    }

    private static func unwritable(_ path: String, _ problem: String) -> StartError {
        StartError(
            .cannotCreate,
            "the data directory \(path) cannot be used: \(problem); give --data-dir (AGENTOS_DATA_DIR) a folder this user may write to"
        )
    }
}
