/// Work that waits for a thread, first come first served: a value that decides what is next.
package struct WorkQueue: Sendable {
    /// Names one piece of work.
    package typealias ID = UInt64

    /// One piece of work.
    struct Item: Sendable {
        let id: ID
        let queuedAt: ContinuousClock.Instant
        let work: @Sendable (_ wait: Duration) -> Void
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
    /// Threads without work; what they will take at once does not count against the limit.
    private var idle: Int
    private var isClosed = false

    init(limit: Int, threads: Int) {
        self.limit = limit
        idle = threads
    }

    /// How many pieces of work wait.
    var waiting: Int { items.count }

    /// Puts work at the end; false when there is no room.
    mutating func add(_ item: Item) -> Bool {
        guard items.count < limit + idle else { return false }
        items.append(item)
        return true
    }

    /// Takes work out again, if it still waits.
    mutating func remove(_ id: ID) {
        items.removeAll { $0.id == id }
    }

    /// Hands out the oldest work to a thread that has none.
    mutating func next() -> Next {
        guard items.isEmpty else { return .work(items.removeFirst()) }
        return isClosed ? .closed : .none
    }

    /// Notes that a thread has nothing to do.
    mutating func threadBecameIdle() { idle += 1 }

    /// Notes that a thread has work.
    mutating func threadBecameBusy() { idle -= 1 }

    /// Refuses nothing, but ends the threads once the queue is empty.
    mutating func close() { isClosed = true }
}
