import Foundation
import Logging

@testable import VoiceServer

/// A trail in a data directory of its own.
struct TrailFixture: Sendable {
    let data: String
    let folder: AuditFolder

    /// The file's bytes.
    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(fileURLWithPath: folder.file))) }
    }

    /// The file's lines, each with its end.
    var lines: [[UInt8]] {
        get throws { try bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).map { $0 + [UInt8(ascii: "\n")] } }
    }

    /// A writer as a process that starts has it.
    func writer() throws -> AuditWriter { try AuditWriter(folder) }

    /// Writes `count` records through a new writer.
    func write(_ count: Int) throws {
        let writer = try writer()
        try writer.append((0..<count).map { .init(event: .command("test \($0)"), time: 1_000_000 * $0) })
        try writer.note()
    }

    /// Replaces the file.
    func put(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: folder.file)) }

    /// Reads the whole trail.
    func verify(reaching head: AuditHead? = nil) throws -> AuditReport? {
        try AuditArchive(dataDirectory: data).verify(reaching: head)
    }

    /// The records as they are exported.
    func export(session: String? = nil) throws -> [[String: Any]] {
        var records: [[String: Any]] = []
        _ = try AuditArchive(dataDirectory: data).export(session: session) { line in
            records.append((try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:])
        }
        return records
    }
}

/// Lends a data directory for a trail to a test that waits for the disk: on a thread of its own, so that other tests' servers go on.
func withTrailFile(_ body: @escaping @Sendable (TrailFixture) throws -> Void) async throws {
    try await withTrail { trail in
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try body(trail) }) }
        }
    }
}

/// Lends a data directory for a trail.
func withTrail(_ body: (TrailFixture) async throws -> Void) async throws {
    let folder = FolderFixture()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    defer { folder.remove() }
    try await body(TrailFixture(data: folder.path, folder: AuditFolder(in: folder.path)))
}
