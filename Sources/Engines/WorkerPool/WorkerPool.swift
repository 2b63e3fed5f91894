package import Conversation
import Dispatch
import Foundation
import Synchronization

/// A fixed number of threads of its own that do blocking work in the order it came, off the shared concurrency pool.
///
/// The queue is bounded: beyond its limit work is refused with ``EngineError`` `overloaded`, never delayed without end. When the last reference goes,
/// the threads finish what is queued and end.
package final class WorkerPool: Sendable {
    /// How many threads work.
    package let threads: Int
    private let queue: SharedWorkQueue

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: what the threads are called in a debugger.
    ///   - threads: how many; at least one.
    ///   - queueLimit: how many pieces of work may wait, beyond those being done.
    package init(name: String, threads: Int = WorkerPool.defaultThreads, queueLimit: Int = 64) {
        self.threads = max(1, threads)
        queue = SharedWorkQueue(limit: max(0, queueLimit), threads: self.threads)
        for index in 0..<self.threads {
            let thread = Thread { [queue] in queue.work() }
            thread.name = "\(name)-\(index)"
            thread.start()
        }
    }

    deinit {
        queue.close(waking: threads)
    }

    /// One thread fewer than the machine has cores.
    ///
    /// Each piece of work keeps one core busy, so more threads would only slow each other; the core left over carries the calls' audio, which must
    /// not wait behind a decode.
    package static let defaultThreads = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)

    /// Whether a thread has nothing to do.
    package var hasIdleThread: Bool { queue.hasIdleThread }

    /// How many pieces of work wait for a thread.
    package var waiting: Int { queue.waiting }

    /// How much work waits for a thread, and for how long the oldest has.
    package var backlog: (waiting: Int, oldestWait: Duration) { queue.backlog }

    /// Does one piece of work on one of the threads.
    ///
    /// A cancelled task leaves at once with `CancellationError`: work that still waits is taken out of the queue; work that has begun runs to its
    /// end and its result is dropped.
    /// - Throws: ``EngineError`` with `overloaded` when the queue is full, `CancellationError`, or what the work throws.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Finished<Value> {
        let delivery = Delivery<Finished<Value>>()
        let id = queue.nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard delivery.suspend(continuation) else { return }
                submit(id, work, to: delivery)
            }
        } onCancel: {
            delivery.finish(.failure(CancellationError()))
            queue.remove(id)
        }
    }

    /// Does one piece of work if a thread is idle this moment and nothing waits for it; nil otherwise.
    ///
    /// Work that ``run(_:)`` queues before the thread has begun takes the thread, and the result is nil, too. Once begun it runs to its end.
    /// - Throws: `CancellationError`, or what the work throws.
    package func runIfIdle<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Finished<Value>? {
        let delivery = Delivery<Finished<Value>?>()
        let id = queue.nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard delivery.suspend(continuation) else { return }
                queue.addIfIdle(id) { wait in
                    delivery.finish(Result { Optional(try Self.timed(work, wait: wait)) })
                } isTurnedAway: {
                    delivery.finish(.success(nil))
                }
            }
        } onCancel: {
            delivery.finish(.failure(CancellationError()))
            queue.remove(id)
        }
    }

    /// Queues work whose result nobody awaits; it is told how long it waited.
    ///
    /// - Returns: what ``cancel(_:)`` takes.
    /// - Throws: ``EngineError`` with `overloaded` when the queue is full.
    @discardableResult
    package func start(_ work: @escaping @Sendable (_ wait: Duration) -> Void) throws(EngineError) -> WorkQueue.ID {
        let id = queue.nextID()
        try queue.add(id, work)
        return id
    }

    /// Takes work that waits out of the queue; nothing happens to work that has begun.
    package func cancel(_ id: WorkQueue.ID) {
        queue.remove(id)
    }

    private func submit<Value: Sendable>(
        _ id: WorkQueue.ID,
        _ work: @escaping @Sendable () throws -> Value,
        to delivery: Delivery<Finished<Value>>
    ) {
        do {
            try queue.add(id) { wait in
                delivery.finish(Result { try Self.timed(work, wait: wait) })
            }
        } catch {
            delivery.finish(.failure(error))
        }
    }

    private static func timed<Value: Sendable>(_ work: () throws -> Value, wait: Duration) rethrows -> Finished<Value> {
        let begin = ContinuousClock.now
        let value = try work()
        return Finished(value: value, wait: wait, processing: .now - begin)
    }
}

/// What a worker made of a piece of work, and where the time went.
package struct Finished<Value: Sendable>: Sendable {
    /// The result.
    package var value: Value
    /// How long the work waited for a thread.
    package var wait: Duration
    /// How long the work took.
    package var processing: Duration
}
