import Foundation

/// Where a data directory keeps its trail.
package struct AuditFolder: Sendable {
    /// The folder.
    let path: String

    /// Names the folder within a data directory.
    package init(in dataDirectory: String) {
        path = "\(dataDirectory)/audit"
    }

    /// The records, one a line.
    var file: String { "\(path)/audit.jsonl" }
    /// The note of the newest record.
    var anchor: String { "\(path)/head.json" }
    /// The keys of what belongs to persons.
    var keys: String { "\(path)/keys.sqlite" }

    /// Makes the folder, its owner's alone, if need be.
    func make() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}
