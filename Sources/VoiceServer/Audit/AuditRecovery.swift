/// Where the chain goes on, found from the file and the note of its newest record.
struct AuditRecovery {
    /// The newest record that counts, and the length of the file.
    var position: AuditAnchor
    /// What the trail must say about itself first.
    var findings: [AuditEvent] = []

    /// Looks at a file of which the records up to `noted` are known, and mends its end.
    ///
    /// - A line that a dying process left half written, after the newest noted record, is cut off.
    /// - Whole records after the noted one were written by a process that died before it could note them; they count.
    /// - A file that does not hold the noted record where it was is left as it is, for `verify` to name what is missing; the chain goes on from
    ///   the note, so that no later record can hide it.
    static func mend(_ file: AuditFile, noted: AuditAnchor.Reading) throws -> AuditRecovery {
        let size = try file.size()
        switch noted {
        case .anchor(let anchor):
            guard try holds(anchor, file, size) else {
                let problem = "record \(anchor.head.number) does not end at byte \(anchor.bytes) of \(size), where it was written"
                return try goOn(from: anchor.head, file, size, .broken(problem))
            }
            return try readOn(from: anchor, file, size)
        case .missing where size == 0:
            return AuditRecovery(position: .genesis)
        case .missing:
            return try goOn(from: newest(file), file, size, .broken("the note of the newest record was not there"))
        case .unreadable:
            return try goOn(from: newest(file), file, size, .broken("the note of the newest record could not be read"))
        }
    }

    private static func holds(_ anchor: AuditAnchor, _ file: AuditFile, _ size: Int) throws -> Bool {
        guard anchor.head.number > 0 else { return true }
        let ending = AuditRecord.ending(of: anchor.head)
        guard size >= anchor.bytes, anchor.bytes >= ending.count else { return false }
        return try file.bytes(at: anchor.bytes - ending.count, count: ending.count) == ending
    }

    /// Counts the records after the noted one, and cuts off what is none.
    private static func readOn(from anchor: AuditAnchor, _ file: AuditFile, _ size: Int) throws -> AuditRecovery {
        var position = anchor
        var lines = try file.lines(from: anchor.bytes)
        while let line = try lines.read(), line.hasEnd, let record = AuditRecord(line.bytes), record.previous == position.head.hash,
            record.head.number == position.head.number + 1
        {
            position = AuditAnchor(head: record.head, bytes: position.bytes + line.length)
        }
        guard position.bytes < size else { return AuditRecovery(position: position) }
        let torn = try file.bytes(at: position.bytes, count: size - position.bytes)
        try file.cut(to: position.bytes)
        return AuditRecovery(position: position, findings: [.torn(bytes: torn.count, hash: AuditRecord.hash(of: torn[...]))])
    }

    private static func goOn(from head: AuditHead, _ file: AuditFile, _ size: Int, _ finding: AuditEvent) throws -> AuditRecovery {
        var length = size
        if try size > 0 && file.bytes(at: size - 1, count: 1) != [UInt8(ascii: "\n")] {
            try file.append([UInt8(ascii: "\n")])
            length += 1
        }
        return AuditRecovery(position: AuditAnchor(head: head, bytes: length), findings: [finding])
    }

    /// The last line that is a record.
    private static func newest(_ file: AuditFile) throws -> AuditHead {
        var head = AuditHead.genesis
        var lines = try file.lines(from: 0)
        while let line = try lines.read() {
            if let record = AuditRecord(line.bytes) { head = record.head }
        }
        return head
    }
}
