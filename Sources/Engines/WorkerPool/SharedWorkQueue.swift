import Conversation
import Dispatch
import Synchronization

/// A ``WorkQueue`` that threads share and wait on.
final class SharedWorkQueue: Sendable {
    private let state: Mutex<WorkQueue>
    private let lastID = Atomic<WorkQueue.ID>(0)
    /// Counts what was added; a thread woken for work that was removed meanwhile finds none and waits again.
    private let added = DispatchSemaphore(value: 0)
    private let limit: Int

    init(limit: Int, threads: Int) {
        self.limit = limit
        state = Mutex(WorkQueue(limit: limit, threads: threads))
    }

    var waiting: Int { state.withLock(\.waiting) }

    /// Whether a thread has nothing to do.
    var hasIdleThread: Bool { state.withLock(\.hasIdleThread) }

    /// How much work waits, and for how long the oldest has.
    var backlog: (waiting: Int, oldestWait: Duration) {
        let (waiting, oldest) = state.withLock { ($0.waiting, $0.oldestQueuedAt) }
        return (waiting, oldest.map { $0.duration(to: .now) } ?? .zero)
    }

    func nextID() -> WorkQueue.ID {
        lastID.add(1, ordering: .relaxed).newValue
    }

    func add(_ id: WorkQueue.ID, _ work: @escaping @Sendable (_ wait: Duration) -> Void) throws(EngineError) {
        let item = WorkQueue.Item(id: id, queuedAt: ContinuousClock().now, work: work)
        let (isAdded, displaced) = state.withLock { ($0.add(item), $0.takeDisplaced()) }
        displaced.forEach { $0.isTurnedAway() }
        guard isAdded else {
            throw EngineError(.overloaded, "all workers are busy and \(limit) more utterances wait: run fewer calls or more workers")
        }
        added.signal()
    }

    /// Adds work that is done now or not at all; calls one of the two.
    func addIfIdle(
        _ id: WorkQueue.ID,
        _ work: @escaping @Sendable (_ wait: Duration) -> Void,
        isTurnedAway: @escaping @Sendable () -> Void
    ) {
        let item = WorkQueue.Item(id: id, queuedAt: ContinuousClock().now, work: work, isTurnedAway: isTurnedAway)
        guard state.withLock({ $0.addIfIdle(item) }) else { return isTurnedAway() }
        added.signal()
    }

    func remove(_ id: WorkQueue.ID) {
        state.withLock { $0.remove(id) }
    }

    /// Ends each of `threads` threads once the queue is empty.
    func close(waking threads: Int) {
        state.withLock { $0.close() }
        for _ in 0..<threads { added.signal() }
    }

    /// A thread's whole life.
    func work() {
        while true {
            added.wait()
            let next = state.withLock { queue in
                let next = queue.next()
                if case .work = next { queue.threadBecameBusy() }
                return next
            }
            switch next {
            case .work(let item):
                item.work(ContinuousClock().now - item.queuedAt)
                state.withLock { $0.threadBecameIdle() }
            case .none:
                continue
            case .closed:
                return
            }
        }
    }
}
