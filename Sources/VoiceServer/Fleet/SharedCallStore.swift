import Conversation
import Redis
import Synchronization

/// The database of this server, and in Redis what all servers know: an event is told when both have it.
///
/// While Redis is away the database alone is enough; what is missing in Redis is added when it is back.
final class SharedCallStore: CallStore {
    /// How sharing stands.
    var link: ReplicationLedger.Link { ledger.withLock { $0.link } }

    let local: SQLiteCallStore
    let shared: SharedSessions
    let ledger = Mutex(ReplicationLedger(now: Timestamp.now))
    /// Sessions that turned out to be held by another server.
    let lostSessions: AsyncStream<String>
    private let lostSession: AsyncStream<String>.Continuation
    /// The newest place among the events of all sessions that was seen.
    private let newest = Mutex(0)
    /// Where this server began to listen to the events of all sessions.
    private let feedStart = Mutex<Int?>(nil)

    /// Makes the store of a server.
    init(local: SQLiteCallStore, shared: SharedSessions) {
        self.local = local
        self.shared = shared
        (lostSessions, lostSession) = AsyncStream.makeStream()
    }

    func write(_ changes: [StoreChange]) async throws -> [StoredEvent?] {
        let ours = ledger.withLock { ledger in changes.map { !ledger.isForeign($0.sessionID) } }
        var written = try await local.write(zip(changes, ours).compactMap { $1 ? $0 : nil })[...]
        let events = ours.map { isOurs in isOurs ? written.popFirst() ?? nil : nil }
        let new = Dictionary(grouping: events.compactMap(\.self), by: \.session)
        guard !new.isEmpty, ledger.withLock({ $0.route(new.keys) }) == .share else { return events }
        do {
            let lost = try await share(new)
            return events.map { event in event.flatMap { lost.contains($0.session) ? nil : $0 } }
        } catch {
            fail()
            return events
        }
    }

    /// Counts the calls of this server alone: what it lets in is its own business.
    func counts(_ query: CallCountQuery) async throws -> CallCounts {
        try await local.counts(query)
    }

    func check() async throws {
        try await local.check()
    }

    func isUnavailable(_ error: any Error) -> Bool { local.isUnavailable(error) }

    func reason(for error: any Error) -> String { local.reason(for: error) }

    /// Redis does not take what it is given, or is not there.
    func fail() {
        ledger.withLock { $0.fail(now: Timestamp.now) }
    }

    /// Another server holds a session of ours: here nothing more happens in it.
    func lose(_ id: String) async throws {
        ledger.withLock { $0.lost(id) }
        try await local.forsake(id, at: Timestamp.now)
        lostSession.yield(id)
    }

    /// Whether another server holds a session that was ours.
    func isForeign(_ id: String) -> Bool {
        ledger.withLock { $0.isForeign(id) }
    }

    /// Where this server begins to listen to the events of all sessions; `place` unless it has begun.
    @discardableResult
    func beginFeed(at place: @autoclosure () async throws -> Int) async throws -> Int {
        if let begun = feedStart.withLock({ $0 }) { return begun }
        let place = try await place()
        return feedStart.withLock { start in
            start = start ?? place
            return start ?? place
        }
    }

    /// Whether this server listens to the events of all sessions.
    var hasFeed: Bool { feedStart.withLock { $0 != nil } }

    /// Notes a place among the events of all sessions.
    func note(position: Int) {
        newest.withLock { $0 = max($0, position) }
    }

    /// The newest place among the events of all sessions that was seen.
    var newestPosition: Int { newest.withLock { $0 } }

    /// Takes in a session that is ours now, with all of its events.
    func adopt(_ id: String) async throws {
        guard var record = try await shared.find([id]).first??.record else { return }
        var events: [StoredEvent] = []
        while case let page = try await shared.events(of: id, after: events.count, limit: Self.pageSize), !page.isEmpty { events += page }
        record.lastSeq = events.count
        try await local.adopt(record, events)
        ledger.withLock { $0.took(id, lastSeq: events.count) }
    }

    /// Whether a session that Redis says is ours is not here as it should be.
    func isMissing(_ id: String) async throws -> Bool {
        if isForeign(id) { return true }
        guard let record = try await local.session(id) else { return true }
        return record.stopReason == SQLiteCallStore.movedReason
    }
}
