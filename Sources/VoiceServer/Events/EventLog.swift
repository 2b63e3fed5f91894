import Conversation
import CoreMetrics
import Logging
import ServiceLifecycle
import Synchronization

/// Writes what happens in all calls to the store, in batches off the media path, and publishes it only then.
///
/// Changes are written in the order they were recorded, so a session's events are numbered in the order they happened.
/// While the store refuses everything, changes are kept (``mostPending`` at most, the newest are then refused) and tried again. A change that
/// is refused although the store works can never be written: it is found by halving its batch, logged and dropped, and the others go on.
final class EventLog: Service {
    /// Changes kept while the store is away.
    static let mostPending = 50_000
    /// Changes in one transaction.
    static let batchSize = 500
    /// How often the store is tried at the end.
    static let lastAttempts = 10
    /// How often the store is tried while nothing is written.
    static let pulse = Duration.seconds(2)
    /// How long to wait before the store is tried again.
    static let retryDelay = Duration.milliseconds(500)

    private struct Entry: Sendable {
        var change: StoreChange
        var committed: CheckedContinuation<StoredEvent?, any Error>?

        /// Whether somebody waits for it, or a session has changed its state, which decides what else it may do.
        var isUrgent: Bool { if case .event = change { committed != nil } else { true } }
    }

    private struct Pending: Sendable {
        var entries: [Entry] = []
        /// Whether entries taken from this list are being written.
        var isWriting = false
        /// Those who wait until nothing is left to be written.
        var settling: [CheckedContinuation<Void, Never>] = []
        /// Set when nothing will be written any more.
        var isClosed = false
    }

    /// The store everything goes to.
    let store: any CallStore
    private let health: StoreHealth
    private let metrics: ServerMetrics
    private let hub = EventHub()
    /// Whether whoever listens to all sessions is told here; among several servers their common stream numbers the events.
    private let tellsAll: Bool
    private let logger: Logger
    private let pending = Mutex(Pending())
    private let signal = WriteSignal()

    /// Makes a log in front of a store; nothing is written until ``run()``.
    init(store: any CallStore, tellsAll: Bool = true, metrics: ServerMetrics, logger: Logger) {
        self.store = store
        self.tellsAll = tellsAll
        health = StoreHealth(metrics: metrics, logger: logger)
        self.metrics = metrics
        self.logger = logger
    }

    /// Whether the store takes what is written; while it does not, running calls go on and no new one is begun.
    var isWriting: Bool { health.isUp }

    /// Records a change; returns at once.
    func record(_ change: StoreChange) {
        enqueue(Entry(change: change, committed: nil))
    }

    /// Records a change and returns when it is durable, with the event that told of it; nil when nothing had changed.
    func commit(_ change: StoreChange) async throws -> StoredEvent? {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(Entry(change: change, committed: continuation))
        }
    }

    /// Returns when all that was recorded before is durable; false where the store refuses.
    func isDurable(_ session: SessionRecord) async -> Bool {
        do {
            // Of a session that exists nothing is written: it only comes behind what was.
            _ = try await commit(.create(session))
            return true
        } catch {
            return false
        }
    }

    /// Returns when all that was recorded before has been written, or refused.
    func settle() async {
        await withCheckedContinuation { continuation in
            let isSettled = pending.withLock { pending in
                let isSettled = pending.isClosed || (pending.entries.isEmpty && !pending.isWriting)
                if !isSettled { pending.settling.append(continuation) }
                return isSettled
            }
            if isSettled { continuation.resume() } else { signal.now() }
        }
    }

    /// The events of a session (of all sessions when nil) after a number, first from the store and then live.
    func events(of session: String?, after number: Int) -> EventSubscription {
        EventSubscription(store: store, hub: hub, session: session, after: number)
    }

    /// Tells events that servers have stored, this one or others.
    func tell(_ events: [StoredEvent]) {
        hub.publish(events)
    }

    /// Writes until the process shuts down; everything recorded before that is written first.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.hub.beat() }
                group.addTask { await self.feelPulse() }
                await signal.serve { _ = await writePending() }
                await close()
                hub.finish()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.signal.finish()
        }
    }

    private func enqueue(_ entry: Entry) {
        let refusal: EventLogError? = pending.withLock { pending in
            guard !pending.isClosed else { return .closed }
            guard pending.entries.count < Self.mostPending else { return .full }
            pending.entries.append(entry)
            return nil
        }
        guard let refusal else {
            return entry.isUrgent ? signal.now() : signal.soon()
        }
        logger.error("An event is lost", metadata: ["session_id": "\(entry.change.sessionID)", "error": "\(refusal)"])
        entry.committed?.resume(throwing: refusal)
    }

    /// Finds out now and then whether the store can be written to, also while nothing happens, and when it can be again.
    private func feelPulse() async {
        while (try? await Task.sleep(for: Self.pulse)) != nil {
            do {
                try await store.check()
                health.worked()
            } catch {
                health.failed(error)
            }
        }
    }

    /// Writes what is pending; false when the store refused.
    private func writePending() async -> Bool {
        pending.withLock { $0.isWriting = true }
        let isWritten = await writeEntries()
        let settled = pending.withLock { pending in
            pending.isWriting = false
            // What has come meanwhile is written next, and waited for.
            guard pending.entries.isEmpty || !isWritten else { return [] as [CheckedContinuation<Void, Never>] }
            defer { pending.settling = [] }
            return pending.settling
        }
        settled.forEach { $0.resume() }
        return isWritten
    }

    private func writeEntries() async -> Bool {
        while true {
            let batch = pending.withLock { pending in
                let batch = Array(pending.entries.prefix(Self.batchSize))
                pending.entries.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty else { return true }
            guard await write(batch) else { return false }
        }
    }

    /// Writes the last changes, patiently, and refuses further ones; says what could not be written.
    private func close() async {
        for _ in 0..<Self.lastAttempts where await writePending() { break }
        let (lost, settling) = pending.withLock { pending in
            pending.isClosed = true
            defer { (pending.entries, pending.settling) = ([], []) }
            return (pending.entries, pending.settling)
        }
        settling.forEach { $0.resume() }
        guard !lost.isEmpty else { return }
        logger.error("The store refused to the end; events are lost", metadata: ["events": "\(lost.count)"])
        lost.forEach { $0.committed?.resume(throwing: EventLogError.closed) }
    }

    /// Writes a batch and publishes it; false when the store refused.
    private func write(_ batch: [Entry]) async -> Bool {
        guard let (unwritten, error) = await writeParts(of: batch[...]) else { return true }
        health.failed(error)
        // Callers that wait get the error now; the other changes are kept for the next attempt.
        unwritten.forEach { $0.committed?.resume(throwing: error) }
        let kept = unwritten.filter { $0.committed == nil }
        pending.withLock { $0.entries.insert(contentsOf: kept, at: 0) }
        try? await Task.sleep(for: Self.retryDelay)
        signal.now()
        return false
    }

    /// Writes what can be written of a batch, in order; what is left, and why, when the store does not work.
    private func writeParts(of batch: ArraySlice<Entry>) async -> (unwritten: ArraySlice<Entry>, error: any Error)? {
        guard let error = await writeWhole(batch) else { return nil }
        guard await isFaultOfChanges(error) else { return (batch, error) }
        guard batch.count > 1 else {
            // Once more, in case the store did not work at that moment.
            guard let error = await writeWhole(batch) else { return nil }
            guard await isFaultOfChanges(error) else { return (batch, error) }
            batch.forEach { drop($0, error) }
            return nil
        }
        let middle = batch.startIndex + batch.count / 2
        if let (unwritten, error) = await writeParts(of: batch[..<middle]) { return (unwritten + batch[middle...], error) }
        return await writeParts(of: batch[middle...])
    }

    /// Writes a batch in one transaction and publishes it; the error when the store refused.
    private func writeWhole(_ batch: ArraySlice<Entry>) async -> (any Error)? {
        do {
            let events = try await store.write(batch.map(\.change))
            for (entry, event) in zip(batch, events) {
                if case .stop = entry.change, let event { metrics.stopped(event) }
            }
            hub.publish(events.compactMap(\.self), isForAll: tellsAll)
            for (entry, event) in zip(batch, events) { entry.committed?.resume(returning: event) }
            return nil
        } catch {
            return error
        }
    }

    /// Whether a write failed because of what was to be written: the store itself works.
    private func isFaultOfChanges(_ error: any Error) async -> Bool {
        guard !store.isUnavailable(error) else { return false }
        do {
            try await store.check()
            return true
        } catch {
            return false
        }
    }

    /// Gives up a change that can never be written.
    private func drop(_ entry: Entry, _ error: any Error) {
        metrics.droppedChanges.increment()
        logger.error(
            "A change cannot be written to the store and is dropped; the call goes on, and its other events are kept",
            metadata: [
                "session_id": "\(entry.change.sessionID)", "type": "\(entry.change.type)", "error": "\(store.reason(for: error))",
            ]
        )
        entry.committed?.resume(throwing: error)
    }
}

/// Why a change could not be recorded.
enum EventLogError: Error, CustomStringConvertible {
    case full
    case closed

    var description: String {
        switch self {
        case .full: "the store has refused to write for too long; check the disk that holds the data directory"
        case .closed: "the server has stopped"
        }
    }
}
