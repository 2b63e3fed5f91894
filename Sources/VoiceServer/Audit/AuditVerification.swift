/// Reads a trail line by line and finds the first record that is not as it was written, in bounded memory.
struct AuditVerification: Sendable {
    fileprivate enum State: Sendable {
        /// All records so far follow one another. Becomes any other.
        case whole
        /// A record does not continue the one before it; the next line tells which of the two is false. Becomes `failed`.
        case parted(AuditRecord)
        /// A record with a later number stands here; the lines that follow tell what became of the one that belongs here. Becomes `failed`.
        case displaced(Displacement)
        /// The last line is still being written: it has no end, and nothing says that it should. Final.
        case unfinished
        /// Final.
        case failed(AuditFault)
    }

    fileprivate struct Displacement: Sendable {
        var missing: Int
        var previous: String
        var found: AuditRecord
        var line: Int
        var missingIsOn: Int?
        var foundIsOn: Int?
    }

    /// Heads that were noted elsewhere and must be met.
    private let heads: [AuditHead]
    private var state = State.whole
    private var line = 0
    /// The newest record that is as it was written.
    private(set) var head: AuditHead
    /// What the server itself found amiss, with the numbers of its records, the first ten.
    private(set) var findings: [(number: Int, event: String)] = []

    /// Starts after `start`; a trail must reach `heads`.
    init(after start: AuditHead = .genesis, reaching heads: [AuditHead] = []) {
        head = start
        self.heads = heads
    }

    /// The fault, once ``finish()`` was called.
    var fault: AuditFault? {
        if case .failed(let fault) = state { fault } else { nil }
    }

    /// Whether nothing more needs to be read.
    var isDecided: Bool { fault != nil }

    /// Whether the newest line is being written just now.
    var isUnfinished: Bool {
        if case .unfinished = state { true } else { false }
    }

    /// Takes the next line; only a file's last can be without an end.
    mutating func take(_ bytes: [UInt8], hasEnd: Bool) {
        line += 1
        let record = hasEnd ? AuditRecord(bytes) : nil
        switch state {
        case .failed, .unfinished: break
        case .whole: takeInOrder(record, hasEnd: hasEnd)
        case .parted(let suspect): judge(suspect, followedBy: record)
        case .displaced(var displacement):
            if let record { displacement.note(record, on: line) }
            state = .displaced(displacement)
        }
    }

    /// Says that the file has ended.
    mutating func finish() {
        switch state {
        case .failed: break
        case .parted(let suspect):
            line += 1
            judge(suspect, followedBy: nil)
        case .displaced(let displacement): state = .failed(displacement.fault)
        case .whole, .unfinished:
            let last = lastNoted
            if head.number < last { state = .failed(AuditFault(kind: .dropped(last: last), number: head.number + 1, line: line + 1)) }
        }
    }

    private var lastNoted: Int { heads.map(\.number).max() ?? 0 }

    private mutating func takeInOrder(_ record: AuditRecord?, hasEnd: Bool) {
        let expected = head.number + 1
        guard let record else {
            if !hasEnd, head.number >= lastNoted {
                state = .unfinished
            } else {
                state = .failed(AuditFault(kind: hasEnd ? .altered : .cut, number: expected, line: line))
            }
            return
        }
        if record.head.number < expected {
            state = .failed(AuditFault(kind: .inserted, number: record.head.number, line: line))
        } else if record.head.number > expected {
            state = .displaced(Displacement(missing: expected, previous: head.hash, found: record, line: line))
        } else if record.previous != head.hash {
            state = .parted(record)
        } else {
            accept(record)
        }
    }

    private mutating func accept(_ record: AuditRecord) {
        head = record.head
        if heads.contains(where: { $0.number == head.number && $0.hash != head.hash }) {
            state = .failed(AuditFault(kind: .replaced, number: head.number, line: line))
        } else if record.event.hasPrefix(AuditEvent.findingPrefix), findings.count < 10 {
            findings.append((head.number, record.event))
        }
    }

    /// `suspect`, on the line before, has the right number and continues another record than the one before it.
    ///
    /// Where the line after it, or a head that was noted, bears it out, the one before it is false.
    private mutating func judge(_ suspect: AuditRecord, followedBy next: AuditRecord?) {
        let isBorneOut = next?.previous == suspect.head.hash || heads.contains(suspect.head)
        let blamesOneBefore = isBorneOut && head.number > 0 && !heads.contains(head)
        let number = blamesOneBefore ? head.number : suspect.head.number
        state = .failed(AuditFault(kind: .replaced, number: number, line: line - (blamesOneBefore ? 2 : 1)))
    }
}

extension AuditVerification.Displacement {
    /// Notes where the two records come, if they do.
    fileprivate mutating func note(_ record: AuditRecord, on line: Int) {
        if missingIsOn == nil, record.head.number == missing, record.previous == previous { missingIsOn = line }
        if foundIsOn == nil, record.head == found.head { foundIsOn = line }
    }

    /// What was done, once the whole file has been read.
    fileprivate var fault: AuditFault {
        switch (missingIsOn, foundIsOn) {
        case (nil, _): AuditFault(kind: .dropped(last: found.head.number - 1), number: missing, line: line)
        case (_?, _?): AuditFault(kind: .inserted, number: found.head.number, line: line)
        case (let place?, nil): AuditFault(kind: .moved(to: place, found: found.head.number), number: missing, line: line)
        }
    }
}
