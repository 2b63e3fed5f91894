import CoreMetrics
import Diagnostics
import Dispatch
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Writes what is audited to the trail, in batches on a queue of its own; whoever records never waits.
///
/// While the disk refuses, records are kept (``mostPending`` at most, the newest are then lost, and counted in the trail once it can be written
/// again) and tried again.
final class AuditTrail: Service {
    /// Records kept while the disk is away.
    static let mostPending = 20_000
    /// Records in one batch.
    static let batchSize = 500
    /// How often the disk is tried at the end.
    static let lastAttempts = 10
    /// How long to wait before the disk is tried again.
    static let retryDelay = Duration.milliseconds(500)
    /// How often the sums of floods are recorded.
    private static let sumInterval = Duration.seconds(60)

    private let writer: AuditWriter
    private let metrics: AuditMetrics
    private let logger: Logger
    private let queue: Mutex<AuditQueue>
    private let disk = DispatchQueue(label: "agentos.audit")
    private let signal = WriteSignal()

    /// Makes the service that writes to a trail; nothing is written until ``run()``.
    init(_ writer: AuditWriter, metrics: AuditMetrics, logger: Logger, mostPending: Int = AuditTrail.mostPending) {
        self.writer = writer
        self.metrics = metrics
        self.logger = logger
        queue = Mutex(AuditQueue(mostWaiting: mostPending, batchSize: Self.batchSize))
    }

    /// Records the start and, where they are others than at the last start, the settings, before anything else can happen.
    ///
    /// Waits for the disk once; when it refuses, the start is recorded when it can be, and the settings at the next start.
    func begin(_ settings: AuditedSettings) {
        let start = AuditEvent.serverStarted(process: Int(ProcessInfo.processInfo.processIdentifier))
        do {
            let events = [start, try settings.change(since: writer.keys)].compactMap(\.self)
            try writer.append(events.map { AuditWriter.Entry(event: $0, time: Timestamp.now) })
            metrics.records.increment(by: events.count)
            try settings.keep(in: writer.keys)
            try writer.note()
        } catch {
            logger.error("The settings could not be recorded in the audit trail", metadata: ["error": "\(ErrorText.of(error))"])
            record(start)
        }
    }

    /// Records an event; returns at once.
    func record(_ event: AuditEvent) {
        let lost = queue.withLock { $0.take(event, at: Timestamp.now) }
        if lost > 0 { metrics.lost.increment(by: lost) }
        signal.soon()
    }

    /// Makes the words and numbers of everybody who called from this number unreadable, and returns once that is durable.
    ///
    /// What was recorded before is erased, written or not; the record of the erasure names nobody.
    /// - Returns: whether there was something to erase.
    func eraseCaller(_ number: String) async throws -> Bool {
        guard let owner = AuditOwner.owner(of: number) else { return false }
        return try await erase(owner)
    }

    /// Makes a person's words and numbers unreadable.
    func erase(_ owner: AuditOwner) async throws -> Bool {
        try await withCheckedThrowingContinuation { done in
            let isTaken = queue.withLock { $0.take(AuditQueue.Erasure(owner: owner, time: Timestamp.now, done: done)) }
            if isTaken { signal.now() } else { done.resume(throwing: Self.stopped) }
        }
    }

    /// Writes until the process shuts down; everything recorded before that is written first.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.sumUp() }
                await signal.serve { _ = await writePending() }
                await close()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.signal.finish()
        }
    }

    private static let stopped = AuditError("the server has stopped")

    private func sumUp() async {
        while (try? await Task.sleep(for: Self.sumInterval)) != nil {
            let lost = queue.withLock { $0.takeSums(at: Timestamp.now) }
            if lost > 0 { metrics.lost.increment(by: lost) }
            signal.soon()
        }
    }

    /// Writes what waits; false when the disk refused.
    private func writePending() async -> Bool {
        while let batch = queue.withLock({ $0.next() }) {
            let isWritten = await withCheckedContinuation { continuation in
                disk.async { continuation.resume(returning: self.write(batch)) }
            }
            guard isWritten else {
                try? await Task.sleep(for: Self.retryDelay)
                signal.now()
                return false
            }
        }
        return true
    }

    /// Writes the last records, patiently, and refuses further ones; says what could not be written.
    private func close() async {
        queue.withLock {
            _ = $0.takeSums(at: Timestamp.now, isLast: true)
            _ = $0.take(.serverStopped, at: Timestamp.now)
        }
        for _ in 0..<Self.lastAttempts where await writePending() { break }
        let (lost, erasures) = queue.withLock { $0.close() }
        erasures.forEach { $0.done.resume(throwing: Self.stopped) }
        guard lost > 0 else { return }
        metrics.lost.increment(by: lost)
        logger.error("The audit record could not be written to the end; records are lost", metadata: ["records": "\(lost)"])
    }

    /// Writes a batch; false when the disk refused and it has to be tried again.
    ///
    /// On the disk's queue alone.
    private func write(_ batch: AuditQueue.Batch) -> Bool {
        do {
            switch batch {
            case .entries(let entries):
                try writer.append(entries)
                metrics.records.increment(by: entries.count)
                queue.withLock { $0.wasWritten(entries.count, at: Timestamp.now) }
            case .erasure(let erasure):
                // Whoever waits is told of a failure, and may ask again.
                erasure.done.resume(with: Result { try writer.erase(erasure.owner, at: erasure.time) })
                queue.withLock { $0.wasWritten(1, at: Timestamp.now) }
            }
            try writer.note()
            becomesFailing(false)
            return true
        } catch {
            // Once, not twice a second: what fills the disk often holds the log, too.
            if becomesFailing(true) {
                logger.error("The audit record cannot be written; trying again", metadata: ["error": "\(ErrorText.of(error))"])
            }
            return false
        }
    }

    /// Notes whether the disk refuses; true when that is news.
    @discardableResult private func becomesFailing(_ isFailing: Bool) -> Bool {
        let isNews = queue.withLock { queue in
            defer { queue.isFailing = isFailing }
            return queue.isFailing != isFailing
        }
        guard isNews else { return false }
        metrics.failing.record(isFailing ? 1 : 0)
        if !isFailing { logger.notice("The audit record can be written again") }
        return true
    }
}
