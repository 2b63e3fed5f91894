/// What waits to be written to the trail, in order.
struct AuditQueue: Sendable {
    /// Makes a person's records unreadable; goes through the queue so that nothing is sealed afterwards that was said before.
    struct Erasure: Sendable {
        var owner: AuditOwner
        var time: Int
        var done: CheckedContinuation<Bool, any Error>
    }

    /// What is written at once.
    enum Batch: Sendable {
        /// Records; none when only the disk is to be tried again.
        case entries([AuditWriter.Entry])
        case erasure(Erasure)
    }

    fileprivate enum Waiting: Sendable {
        case entry(AuditWriter.Entry)
        case erasure(Erasure)
    }

    private let mostWaiting: Int
    private let batchSize: Int
    private var waiting: [Waiting] = []
    private var throttle = AuditThrottle()
    private var lost = 0
    /// Set when nothing will be written any more.
    private var isClosed = false
    /// Set while the disk refuses.
    var isFailing = false

    /// Makes an empty queue with these limits.
    init(mostWaiting: Int, batchSize: Int) {
        self.mostWaiting = mostWaiting
        self.batchSize = batchSize
    }

    /// Takes an event; returns how many records were lost with it because there was no room.
    mutating func take(_ event: AuditEvent, at now: Int) -> Int {
        throttle.take(event, at: now).count { !append(AuditWriter.Entry(event: $0, time: now)) }
    }

    /// Takes the sums of floods that have ended, of all when the server ends.
    mutating func takeSums(at now: Int, isLast: Bool = false) -> Int {
        throttle.sums(at: isLast ? nil : now).count { !append(AuditWriter.Entry(event: $0, time: now)) }
    }

    /// Takes an erasure; false when it comes too late.
    mutating func take(_ erasure: Erasure) -> Bool {
        guard !isClosed else { return false }
        waiting.append(.erasure(erasure))
        return true
    }

    /// What is to be written next; it stays in the queue until it ``wasWritten(_:at:)``.
    func next() -> Batch? {
        guard let first = waiting.first else { return isFailing ? .entries([]) : nil }
        if case .erasure(let erasure) = first { return .erasure(erasure) }
        var entries: [AuditWriter.Entry] = []
        for case .entry(let entry) in waiting.prefix(batchSize).prefix(while: \.isEntry) { entries.append(entry) }
        return .entries(entries)
    }

    /// Forgets the first of what waits; what was lost meanwhile is recorded now that there is room.
    mutating func wasWritten(_ count: Int, at now: Int) {
        waiting.removeFirst(min(count, waiting.count))
        guard lost > 0, count > 0 else { return }
        waiting.append(.entry(AuditWriter.Entry(event: .lost(lost), time: now)))
        lost = 0
    }

    /// Takes nothing from now on; returns what was not written.
    mutating func close() -> (records: Int, erasures: [Erasure]) {
        isClosed = true
        defer { waiting = [] }
        let erasures = waiting.compactMap { if case .erasure(let erasure) = $0 { erasure } else { nil } }
        return (waiting.count - erasures.count, erasures)
    }

    private mutating func append(_ entry: AuditWriter.Entry) -> Bool {
        guard !isClosed, waiting.count < mostWaiting else {
            lost += 1
            return false
        }
        waiting.append(.entry(entry))
        return true
    }
}

extension AuditQueue.Waiting {
    fileprivate var isEntry: Bool {
        if case .entry = self { true } else { false }
    }
}
