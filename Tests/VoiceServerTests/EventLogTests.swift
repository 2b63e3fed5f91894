import Conversation
import Logging
import Synchronization
import Testing

@testable import VoiceServer

/// Written before told, in order, whatever the store does.
@Suite struct EventLogTests {
    /// A store in memory that refuses its first writes.
    final class MoodyStore: CallStore {
        private struct State {
            var refusals: Int
            var sessions: [String: SessionRecord] = [:]
            var events: [StoredEvent] = []
        }

        struct Refusal: Error {}

        private let state: Mutex<State>

        init(refusals: Int) { state = Mutex(State(refusals: refusals)) }

        var written: [StoredEvent] { state.withLock { $0.events } }

        func write(_ changes: [StoreChange]) async throws -> [StoredEvent?] {
            try state.withLock { state in
                guard state.refusals == 0 else {
                    state.refusals -= 1
                    throw Refusal()
                }
                return changes.map { change in
                    if case .create(let record) = change {
                        guard state.sessions[record.id] == nil else { return nil }
                        state.sessions[record.id] = record
                    }
                    guard var session = state.sessions[change.sessionID], let told = session.take(change) else { return nil }
                    session.lastSeq += 1
                    state.sessions[session.id] = session
                    let type = EventJSON.type(of: told.event)
                    let event = StoredEvent(position: state.events.count + 1, session: session.id, seq: session.lastSeq, type: type, json: "{}")
                    state.events.append(event)
                    return event
                }
            }
        }

        func check() async throws { if state.withLock({ $0.refusals }) > 0 { throw Refusal() } }
        func session(_ id: String) async throws -> SessionRecord? { state.withLock { $0.sessions[id] } }
        func sessions(state: SessionRecord.State?, before: String?, limit: Int) async throws -> [SessionRecord] { [] }
        func events(of session: String, after seq: Int, limit: Int) async throws -> [StoredEvent] {
            Array(written.filter { $0.session == session && $0.seq > seq }.prefix(limit))
        }
        func events(after position: Int, limit: Int) async throws -> [StoredEvent] { Array(written.filter { $0.position > position }.prefix(limit)) }
        func counts(_ query: CallCountQuery) async throws -> CallCounts { CallCounts() }
        func lastPosition() async throws -> Int { written.count }
    }

    private let record = SessionRecord(id: "s", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)

    /// Runs a log beside `body`, which ends with the log's end by cancellation.
    private func withLog(_ store: MoodyStore, _ body: (EventLog) async throws -> Void) async throws {
        let log = EventLog(
            store: store,
            metrics: ServerMetrics(factory: PrometheusRegistry()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await log.run() }
            try await body(log)
            group.cancelAll()
        }
    }

    @Test func eventsAreToldInOrderAfterTheStoreHasComeBack() async throws {
        let store = MoodyStore(refusals: 2)
        try await withLog(store) { (log: EventLog) async throws in
            log.record(.create(record))
            for digit in "123" { log.record(.event(session: "s", .digit(digit), at: 2)) }
            log.record(.stop(session: "s", reason: "over", at: 3))
            var seqs: [Int] = []
            for try await news in log.events(of: "s", after: 0) {
                guard case .event(let event) = news else { continue }
                #expect(store.written.contains(event), "told before it was written")
                seqs.append(event.seq)
                if event.type == "voice.session.stopped" { break }
            }
            #expect(seqs == [1, 2, 3, 4, 5])
        }
    }

    @Test func whoWaitsForARefusedWriteIsTold() async throws {
        try await withLog(MoodyStore(refusals: 1)) { (log: EventLog) async throws in
            await #expect(throws: MoodyStore.Refusal.self) { try await log.commit(.create(record)) }
            #expect(try await log.commit(.create(record))?.seq == 1)
            #expect(try await log.commit(.create(record))?.seq == nil, "nothing is written twice")
        }
    }

    @Test func afterTheEndNobodyWaitsInVain() async throws {
        let store = MoodyStore(refusals: 0)
        let log = EventLog(
            store: store,
            metrics: ServerMetrics(factory: PrometheusRegistry()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await log.run() }
            group.cancelAll()
            try await group.waitForAll()
        }
        await #expect(throws: EventLogError.closed) { try await log.commit(.create(record)) }
    }

    @Test func nothingFollowsTheEndOfASession() async throws {
        let store = MoodyStore(refusals: 0)
        try await withLog(store) { (log: EventLog) async throws in
            _ = try await log.commit(.create(record))
            #expect(try await log.commit(.stop(session: "s", reason: "over", at: 2))?.seq == 2)
            #expect(try await log.commit(.event(session: "s", .digit("1"), at: 3)) == nil)
            #expect(try await log.commit(.stop(session: "s", reason: "again", at: 4)) == nil)
            #expect(try await log.commit(.activate(session: "s", streamID: "MZ1", at: 5)) == nil)
        }
    }

    @Test func enginesThatAreNotLoadedKeepTheGateShut() async throws {
        let gate = EngineGate()
        #expect(await !gate.isReady)
        await gate.open(with: .failure(EngineError(.invalid, "broken")))
        #expect(await !gate.isReady)
        await #expect(throws: EngineError.self) { try await gate.loaded() }
    }
}
