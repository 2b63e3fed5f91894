/// Work that waits for a thread, first come first served: a value that decides what is next.
///
/// Besides there is work for idle threads alone, which never waits: it gives way as soon as other work needs the thread.
package struct WorkQueue: Sendable {
    /// Names one piece of work.
    package typealias ID = UInt64

    /// One piece of work.
    struct Item: Sendable {
        let id: ID
        let queuedAt: ContinuousClock.Instant
        let work: @Sendable (_ wait: Duration) -> Void
        /// Told when work for an idle thread is not done after all.
        var isTurnedAway: @Sendable () -> Void = {}
    }

    /// What a thread that looks for work finds.
    enum Next {
        /// Work to do.
        case work(Item)
        /// None now, but there may be some later.
        case none
        /// None, and none will come.
        case closed
    }

    private let limit: Int
    private var items: [Item] = []
    /// Work for idle threads that have not come for it yet.
    private var spare: [Item] = []
    /// Threads without work; what they will take at once does not count against the limit.
    private var idle: Int
    private var isClosed = false

    init(limit: Int, threads: Int) {
        self.limit = limit
        idle = threads
    }

    /// Whether a thread has nothing to do, and will find nothing.
    var hasIdleThread: Bool { items.count + spare.count < idle }

    /// How many pieces of work wait.
    var waiting: Int { items.count }

    /// When the work that has waited longest was queued, if any waits.
    var oldestQueuedAt: ContinuousClock.Instant? { items.first?.queuedAt }

    /// Puts work at the end; false when there is no room.
    mutating func add(_ item: Item) -> Bool {
        guard items.count < limit + idle else { return false }
        items.append(item)
        return true
    }

    /// Takes work that an idle thread will do at once; false when there is no thread that nobody else needs.
    mutating func addIfIdle(_ item: Item) -> Bool {
        guard hasIdleThread else { return false }
        spare.append(item)
        return true
    }

    /// Takes out the newest work for idle threads whose thread other work needs now.
    mutating func takeDisplaced() -> [Item] {
        let count = min(spare.count, max(0, items.count + spare.count - idle))
        defer { spare.removeLast(count) }
        return spare.suffix(count)
    }

    /// Takes work out again, if it still waits.
    mutating func remove(_ id: ID) {
        items.removeAll { $0.id == id }
        spare.removeAll { $0.id == id }
    }

    /// Hands out the oldest work to a thread that has none; what is for idle threads comes last.
    mutating func next() -> Next {
        guard items.isEmpty else { return .work(items.removeFirst()) }
        guard spare.isEmpty else { return .work(spare.removeFirst()) }
        return isClosed ? .closed : .none
    }

    /// Notes that a thread has nothing to do.
    mutating func threadBecameIdle() { idle += 1 }

    /// Notes that a thread has work.
    mutating func threadBecameBusy() { idle -= 1 }

    /// Refuses nothing, but ends the threads once the queue is empty.
    mutating func close() { isClosed = true }
}
