import Conversation
import Engines
import Synchronization
import TestSupport
import Testing

@Suite struct WorkerPoolTests {
    private struct Spoiled: Error {}

    @Test func workIsDoneInTheOrderItCame() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        let done = Done()
        try pool.start { _ in gate.wait() }
        for number in 0..<5 { try pool.start { _ in done.add(number) } }
        gate.open()
        _ = try await pool.run {}
        #expect(done.numbers == [0, 1, 2, 3, 4])
    }

    @Test func aFullQueueRefusesWork() async throws {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 2)
        let gate = Gate()
        for _ in 0..<3 { try pool.start { _ in gate.wait() } }
        let error = #expect(throws: EngineError.self) { try pool.start { _ in } }
        #expect(error?.code == .overloaded)
        let awaited = await #expect(throws: EngineError.self) { try await pool.run {} }
        #expect(awaited?.code == .overloaded)
        gate.open(3)
    }

    @Test func thereIsRoomAgainWhenWorkIsDone() async throws {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 1)
        let gate = Gate()
        try pool.start { _ in gate.wait() }
        await gate.someoneWaits()
        try pool.start { _ in gate.wait() }
        #expect(throws: EngineError.self) { try pool.start { _ in } }
        gate.open()
        await gate.someoneWaits()
        try pool.start { _ in }
        gate.open()
    }

    @Test func backlogIsWhatWaitsAndNotWhatIsBeingDone() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        try pool.start { _ in gate.wait() }
        await gate.someoneWaits()
        #expect(pool.backlog == (0, .zero))
        for _ in 0..<2 { try pool.start { _ in } }
        let (early, late) = (pool.backlog, pool.backlog)
        #expect(early.waiting == 2 && early.oldestWait > .zero && late.oldestWait >= early.oldestWait)
        gate.open()
        _ = try await pool.run {}
        #expect(pool.backlog == (0, .zero))
    }

    @Test func cancelledWorkLeavesTheQueueUndone() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        let done = Done()
        try pool.start { _ in gate.wait() }
        await gate.someoneWaits()
        let waiting = Task { try await pool.run { done.add(1) } }
        try await eventually("the work waits") { pool.waiting > 0 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(pool.waiting == 0)
        gate.open()
        _ = try await pool.run {}
        #expect(done.numbers.isEmpty)
    }

    @Test func workThatHasBegunRunsToItsEndUnheard() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        let done = Done()
        let running = Task {
            try await pool.run {
                gate.wait()
                done.add(1)
            }
        }
        await gate.someoneWaits()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(done.numbers.isEmpty)
        gate.open()
        _ = try await pool.run {}
        #expect(done.numbers == [1])
    }

    @Test func aTaskCancelledBeforehandDoesNoWork() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let done = Done()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.run { done.add(1) }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        _ = try await pool.run {}
        #expect(done.numbers.isEmpty)
    }

    @Test func errorsOfTheWorkReachWhoAskedForIt() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        await #expect(throws: Spoiled.self) { try await pool.run { throw Spoiled() } }
        #expect(try await pool.run { 7 }.value == 7)
    }

    @Test func allThreadsWorkAtOnce() async throws {
        let pool = WorkerPool(name: "test", threads: 3)
        let gate = Gate()
        for _ in 0..<3 { try pool.start { _ in gate.wait() } }
        for _ in 0..<3 { await gate.someoneWaits() }
        #expect(pool.waiting == 0)
        gate.open(3)
    }

    @Test func waitingForAThreadIsMeasured() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        try pool.start { _ in gate.wait() }
        let queued = Task { try await pool.run {} }
        try await eventually("the work waits") { pool.waiting > 0 }
        gate.open()
        let finished = try await queued.value
        #expect(finished.wait > .zero)
    }

    @Test func anIdleThreadDoesWhatIsAskedOfIdleThreads() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        #expect(try await pool.runIfIdle { 7 }?.value == 7)
        // The result is there a moment before its thread is free again.
        try await eventually("the thread is idle") { pool.hasIdleThread }
        await #expect(throws: Spoiled.self) { try await pool.runIfIdle { throw Spoiled() } }
        #expect(try await pool.run { 8 }.value == 8)
    }

    @Test func whileAllThreadsWorkNothingIsAskedOfThem() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let gate = Gate()
        try pool.start { _ in gate.wait() }
        #expect(try await pool.runIfIdle { 7 } == nil, "the thread has not begun, but will")
        await gate.someoneWaits()
        #expect(try await pool.runIfIdle { 7 } == nil)
        #expect(pool.waiting == 0)
        gate.open()
    }

    @Test func whatRunsOnAnIdleThreadHoldsUpTheQueueNoLongerThanItsOwnEnd() async throws {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 0)
        let gate = Gate()
        async let spare = pool.runIfIdle { gate.wait() }
        await gate.someoneWaits()
        #expect(throws: EngineError.self) { try pool.start { _ in } }
        gate.open()
        #expect(try await spare != nil)
        try await eventually("the queue takes work") { (try? await pool.run { 1 }.value) != nil }
    }

    @Test func aCancelledTaskAsksNothingOfAnIdleThread() async throws {
        let pool = WorkerPool(name: "test", threads: 1)
        let done = Done()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.runIfIdle { done.add(1) }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await pool.run { 1 }.value == 1)
        #expect(done.numbers.isEmpty)
    }

    @Test func whatIsQueuedIsDoneWhenThePoolGoes() async throws {
        let gate = Gate()
        let (numbers, number) = AsyncStream.makeStream(of: Int.self)
        do {
            let pool = WorkerPool(name: "test", threads: 1)
            try pool.start { _ in gate.wait() }
            try pool.start { _ in number.yield(1) }
        }
        gate.open()
        #expect(await numbers.first { _ in true } == 1)
    }
}

/// Collects numbers from several threads.
private final class Done: Sendable {
    private let collected = Mutex<[Int]>([])

    var numbers: [Int] { collected.withLock(\.self) }

    func add(_ number: Int) { collected.withLock { $0.append(number) } }
}
