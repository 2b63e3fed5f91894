import Crypto
import Foundation

/// A trail, read for people and for export, also while a server writes to it.
package struct AuditArchive: Sendable {
    private let folder: AuditFolder

    /// Names the trail of a data directory.
    ///
    /// - Throws: ``StartError`` when there is no such directory.
    package init(dataDirectory: String) throws(StartError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: dataDirectory, isDirectory: &isFolder), isFolder.boolValue else {
            throw StartError(.missingInput, "there is no folder \(dataDirectory); give --data-dir (AGENTOS_DATA_DIR) the server's data directory")
        }
        folder = AuditFolder(in: dataDirectory)
    }

    /// Reads the whole trail; nil when there is none yet.
    ///
    /// `noted` is a head that somebody noted elsewhere, which the trail must hold, too.
    package func verify(reaching noted: AuditHead? = nil) throws -> AuditReport? {
        try read(reaching: noted) { _, _ in }
    }

    /// Hands out the records from a number on, all or those of one session, as JSON objects on one line each.
    ///
    /// - Returns: how the whole trail is; of one that is not as it was written only the records before the fault are handed out.
    package func export(from first: Int = 1, session: String? = nil, _ take: (String) -> Void) throws -> AuditReport? {
        let keys = FileManager.default.fileExists(atPath: folder.keys) ? try AuditKeys(folder.keys) : nil
        return try read { head, line in
            guard head.number >= first else { return }
            let entry = try AuditEntry(line)
            guard session == nil || entry.session == session else { return }
            take(try entry.exported { try keys?.secret($0) })
        }
    }

    /// Records that somebody at this machine read what was said.
    ///
    /// Nothing is recorded where no server has made a trail.
    package func note(access what: String, session: String? = nil) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        try append(.access(to: what, session: session, by: "user \(NSUserName())"))
    }

    /// Makes the words and numbers of everybody who called from this number unreadable.
    ///
    /// - Returns: whether there was something to erase.
    package func eraseCaller(_ number: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: folder.path), let owner = AuditOwner.owner(of: number) else { return false }
        return try AuditWriter(folder).erase(owner, at: Timestamp.now)
    }

    private func append(_ event: AuditEvent) throws {
        let writer = try AuditWriter(folder)
        try writer.append([AuditWriter.Entry(event: event, time: Timestamp.now)])
        try writer.note()
    }

    private func read(reaching noted: AuditHead? = nil, _ take: (AuditHead, [UInt8]) throws -> Void) throws -> AuditReport? {
        // Read first: what is written after it is longer, never shorter.
        let anchor = AuditAnchor.read(folder.anchor)
        let hasFile = FileManager.default.fileExists(atPath: folder.file)
        guard hasFile || anchor != .missing || noted != nil else { return nil }
        var heads = noted.map { [$0] } ?? []
        if case .anchor(let anchor) = anchor { heads.append(anchor.head) }
        var verification = AuditVerification(reaching: heads)
        if hasFile {
            guard let handle = FileHandle(forReadingAtPath: folder.file) else {
                throw StartError(.missingInput, "\(folder.file) cannot be read; run this as the user whose server writes it")
            }
            defer { try? handle.close() }
            var lines = AuditLines(handle)
            while !verification.isDecided, let line = try lines.read() {
                let before = verification.head
                verification.take(line.bytes, hasEnd: line.hasEnd)
                if verification.head != before, !verification.isDecided { try take(verification.head, line.bytes) }
            }
        }
        verification.finish()
        return report(verification, anchor)
    }

    private func report(_ verification: AuditVerification, _ anchor: AuditAnchor.Reading) -> AuditReport {
        let problem: String? =
            switch anchor {
            case .anchor: nil
            case .missing: "the note of the newest record, \(folder.anchor), is not there"
            case .unreadable: "the note of the newest record, \(folder.anchor), is not as it was written"
            }
        let number = verification.head.number
        return AuditReport(
            head: verification.head,
            fault: verification.fault ?? problem.map { AuditFault(kind: .anchor($0), number: number, line: number) },
            notes: verification.findings.map { "record \($0.number) tells of what was found amiss: \($0.event)" },
            isUnfinished: verification.isUnfinished
        )
    }
}
