import Foundation
import Synchronization

/// Appends records to the trail's file: those of the server, and those of commands that run beside it.
///
/// Its functions wait for the disk, and for other processes; they are called where waiting harms nobody.
final class AuditWriter: Sendable {
    /// Something that happened, and when.
    struct Entry: Sendable {
        var event: AuditEvent
        var time: Int
    }

    /// The keys of persons.
    let keys: AuditKeys
    private let folder: AuditFolder
    private let state = Mutex(State())

    private struct State {
        /// Where this process left the file; another may have written since.
        var left: AuditAnchor?
        /// What was found when the file was mended, until it is recorded.
        var findings: [AuditEvent] = []
        /// Set when records are durable and the note of the newest is not.
        var isNoteDue = false
    }

    /// Opens the trail of a folder, making the folder if need be.
    init(_ folder: AuditFolder) throws {
        self.folder = folder
        try folder.make()
        keys = try AuditKeys(folder.keys)
    }

    /// Writes records; they are durable when this returns, and none is written when it throws.
    func append(_ entries: [Entry]) throws {
        try state.withLock { state in
            let file = try AuditFile(folder.file)
            let recovery = try mend(file, state.left)
            state.left = recovery.position
            state.findings += recovery.findings
            let now = entries.first?.time ?? Timestamp.now
            let all = state.findings.map { Entry(event: $0, time: now) } + entries
            let (bytes, head) = try lines(of: all, after: recovery.position.head)
            guard !bytes.isEmpty else { return }
            try file.append(bytes)
            let position = AuditAnchor(head: head, bytes: recovery.position.bytes + bytes.count)
            // Durable from here on: the next batch continues these, whether the note can be written or not.
            state = State(left: position, isNoteDue: true)
            state.isNoteDue = (try? position.write(folder.anchor)) == nil
        }
    }

    /// Notes the newest record where that could not be done when it was written.
    func note() throws {
        try state.withLock { state in
            guard state.isNoteDue, let left = state.left else { return }
            let file = try AuditFile(folder.file)
            // Whoever has written since has noted a newer one.
            if try file.size() == left.bytes { try left.write(folder.anchor) }
            state.isNoteDue = false
        }
    }

    /// Makes what belongs to a person unreadable, for good, and records that this was done, but not to whom.
    ///
    /// - Returns: whether there was something.
    func erase(_ owner: AuditOwner, at time: Int) throws -> Bool {
        let ids = try keys.erase(owner)
        try append([Entry(event: .callerErased(keys: ids), time: time)])
        return !ids.isEmpty
    }

    private func mend(_ file: AuditFile, _ left: AuditAnchor?) throws -> AuditRecovery {
        if let left, try file.size() == left.bytes { return AuditRecovery(position: left) }
        if let left { return try AuditRecovery.mend(file, noted: .anchor(left)) }
        let noted = AuditAnchor.read(folder.anchor)
        // Before the first record, so that a file without a note is always one whose note was taken away.
        if noted == .missing, try file.size() == 0 { try AuditAnchor.genesis.write(folder.anchor) }
        return try AuditRecovery.mend(file, noted: noted)
    }

    private func lines(of entries: [Entry], after head: AuditHead) throws -> (bytes: [UInt8], head: AuditHead) {
        let keys = try keys.keys(of: Set(entries.compactMap(\.event.personal?.owner)))
        var bytes: [UInt8] = []
        var head = head
        for entry in entries {
            let event = entry.event
            let seal = try event.personal.flatMap { personal in
                try keys[personal.owner].map { try AuditSeal(personal.fields, with: $0, number: head.number + 1) }
            }
            let (line, next) = try AuditRecord.line(after: head, time: entry.time, event: event.name, fields: event.fields, sealed: seal)
            bytes += line + [UInt8(ascii: "\n")]
            head = next
        }
        return (bytes, head)
    }
}
