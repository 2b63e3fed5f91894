import Conversation
import Engines
import GRDB
import Logging
import Synchronization
import TestSupport
import Testing

@testable import VoiceServer

/// Written before told, in order, whatever the store does.
@Suite struct EventLogTests {
    /// A store in memory that refuses its first writes.
    final class MoodyStore: CallStore {
        private struct State {
            var refusals: Int
            /// Digits whose events can never be written.
            var poison: Set<Character> = []
            var sessions: [String: SessionRecord] = [:]
            var events: [StoredEvent] = []
        }

        struct Refusal: Error {}

        private let state: Mutex<State>

        init(refusals: Int, poison: Set<Character> = []) { state = Mutex(State(refusals: refusals, poison: poison)) }

        var written: [StoredEvent] { state.withLock { $0.events } }

        func write(_ changes: [StoreChange]) async throws -> [StoredEvent?] {
            try state.withLock { state in
                guard state.refusals == 0 else {
                    state.refusals -= 1
                    throw Refusal()
                }
                for case .event(_, .digit(let digit), _) in changes where state.poison.contains(digit) { throw Refusal() }
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

    @Test func whatWasRecordedIsWrittenOrRefusedOnceItHasSettled() async throws {
        let store = MoodyStore(refusals: 0)
        try await withLog(store) { (log: EventLog) async throws in
            await log.settle()
            log.record(.create(record))
            for (index, digit) in "12345".enumerated() {
                log.record(.event(session: "s", .digit(digit), at: 2))
                await log.settle()
                #expect(store.written.count == index + 2)
            }
        }
        try await withLog(MoodyStore(refusals: 1_000_000)) { (log: EventLog) async throws in
            log.record(.create(record))
            await log.settle()
        }
    }

    private let record = SessionRecord(id: "s", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)

    /// Runs a log beside `body`, which ends with the log's end by cancellation.
    private func withLog(
        _ store: any CallStore,
        registry: PrometheusRegistry = PrometheusRegistry(),
        lines: any LogHandler = SwiftLogNoOpLogHandler(),
        _ body: (EventLog) async throws -> Void
    ) async throws {
        let log = EventLog(store: store, metrics: ServerMetrics(factory: registry), logger: Logger(label: "test") { _ in lines })
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
        try await withLog(MoodyStore(refusals: 2)) { (log: EventLog) async throws in
            await #expect(throws: MoodyStore.Refusal.self) { try await log.commit(.create(record)) }
            #expect(try await log.commit(.create(record))?.seq == 1)
            #expect(try await log.commit(.create(record))?.seq == nil, "nothing is written twice")
        }
    }

    /// The types and numbers of a session's events, up to its end.
    private func untilStopped(_ log: EventLog) async throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        for try await news in log.events(of: "s", after: 0) {
            guard case .event(let event) = news else { continue }
            events.append(event)
            if event.type == "voice.session.stopped" { break }
        }
        return events
    }

    @Test func aChangeThatCanNeverBeWrittenIsDroppedAndTheOthersKeepTheirOrder() async throws {
        let store = MoodyStore(refusals: 0, poison: ["x", "y"])
        let lines = CollectedLog()
        let registry = PrometheusRegistry()
        try await withLog(store, registry: registry, lines: lines) { (log: EventLog) async throws in
            log.record(.create(record))
            for digit in "1x23yx4" { log.record(.event(session: "s", .digit(digit), at: 2)) }
            log.record(.create(SessionRecord(id: "t", callID: "CA2", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)))
            log.record(.stop(session: "s", reason: "over", at: 3))
            #expect(try await untilStopped(log).map(\.seq) == [1, 2, 3, 4, 5, 6])
            #expect(log.isWriting, "new calls are taken all the while")
            #expect(store.written.contains { $0.session == "t" })
        }
        #expect(lines.messages.filter { $0.contains("is dropped") }.count == 3)
        #expect(registry.render().contains("agentos_store_dropped_changes_total 3"))
    }

    @Test func whoWaitsForAChangeThatCanNeverBeWrittenGetsTheError() async throws {
        try await withLog(MoodyStore(refusals: 0, poison: ["x"])) { (log: EventLog) async throws in
            _ = try await log.commit(.create(record))
            await #expect(throws: MoodyStore.Refusal.self) { try await log.commit(.event(session: "s", .digit("x"), at: 2)) }
            #expect(try await log.commit(.event(session: "s", .digit("1"), at: 2))?.seq == 2)
        }
    }

    @Test func theDatabaseGoesOnAfterAnEventItCannotTake() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        let lines = CollectedLog()
        let unwritable = CallEvent.final(text: "secret words", turn: 1, audioMs: 1, confidence: .nan)
        try await withLog(store, lines: lines) { (log: EventLog) async throws in
            log.record(.event(session: "nobody's", .digit("0"), at: 1))
            log.record(.create(record))
            log.record(.event(session: "s", .digit("1"), at: 2))
            log.record(.event(session: "s", unwritable, at: 2))
            log.record(.event(session: "s", .final(text: "nul \u{0} and \u{FFFD}\u{FFFF}", turn: 2, audioMs: 1, confidence: nil), at: 2))
            await #expect(throws: EncodingError.self) { try await log.commit(.event(session: "s", unwritable, at: 2)) }
            log.record(.event(session: "s", .digit("2"), at: 2))
            log.record(.stop(session: "s", reason: "over", at: 3))
            let events = try await untilStopped(log)
            #expect(events.map(\.seq) == [1, 2, 3, 4, 5])
            #expect(try await store.events(of: "s", after: 0, limit: 10) == events)
            #expect(try JSONValue(parsing: events[2].json)["text"] == .string("nul \u{0} and \u{FFFD}\u{FFFF}"))
        }
        #expect(lines.messages.filter { $0.contains("is dropped") }.count == 2)
    }

    @Test func aFullDatabaseIsTriedAgainAndNothingIsDropped() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        let lines = CollectedLog()
        try await withLog(store, lines: lines) { (log: EventLog) async throws in
            _ = try await log.commit(.create(record))
            // The one row of a check still finds room; a long event does not.
            let pages = try await store.database.writeWithoutTransaction { connection in
                let pages = try Int.fetchOne(connection, sql: "PRAGMA page_count") ?? 0
                try connection.execute(sql: "PRAGMA max_page_count = \(pages)")
                return pages
            }
            try await store.check()
            log.record(.event(session: "s", .final(text: String(repeating: "a", count: 100_000), turn: 1, audioMs: 1, confidence: nil), at: 2))
            try await eventually("the store refuses") { !log.isWriting }
            try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 1_000)") }
            log.record(.stop(session: "s", reason: "over", at: 3))
            #expect(try await untilStopped(log).map(\.type) == ["voice.session.created", "voice.stt.final", "voice.session.stopped"])
        }
        #expect(!lines.messages.contains { $0.contains("is dropped") })
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
