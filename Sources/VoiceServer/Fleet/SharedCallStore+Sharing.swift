import Conversation
import Redis
import Synchronization

// Bringing to Redis what the database has.
extension SharedCallStore {
    /// Events or sessions handled at a time.
    static let pageSize = 200

    /// Shares new events; the sessions that another server holds.
    func share(_ new: [String: [StoredEvent]]) async throws -> Set<String> {
        var sessions: [SessionRecord] = []
        for id in new.keys {
            if let session = try await local.session(id) { sessions.append(session) }
        }
        let commands = try sessions.map { try shared.appending(new[$0.id] ?? [], to: $0, isLatest: true, told: 0) }
        let replies = try await shared.client.send(commands)
        var lost: Set<String> = []
        for (session, reply) in zip(sessions, replies) {
            switch try SharedSessions.appended(reply) {
            case .done(let last): noteShared(session, upTo: last)
            case .gap(let last): if try await !push(session.id, after: last) { lost.insert(session.id) }
            case .fenced:
                try await lose(session.id)
                lost.insert(session.id)
            }
        }
        return lost
    }

    /// Shares everything that Redis lacks, and returns when nothing is missing any more.
    ///
    /// - Returns: how many sessions were behind.
    /// - Throws: what kept it from that.
    func catchUp() async throws -> Int {
        ledger.withLock { $0.beginCatchingUp(now: Timestamp.now) }
        var count = try await pushRecent()
        // What is written meanwhile is shared after that, until nothing more comes.
        while let behind = ledger.withLock({ $0.takeBehind() }), !behind.isEmpty {
            for id in behind where try await push(id, after: 0) { count += 1 }
        }
        guard link == .up else { throw RedisError(.away, "Redis went away while it was brought up to date") }
        return count
    }

    /// Gives up the sessions that another server took over while this one was away; before anything is done with them.
    func yieldTaken() async throws {
        for state in [SessionRecord.State.created, .active] {
            var last: String?
            while case let page = try await local.sessions(state: state, before: last, limit: Self.pageSize), let oldest = page.last {
                last = oldest.id
                for (session, progress) in zip(page, try await shared.progress(of: page.map(\.id))) where isTaken(progress.owner) {
                    try await lose(session.id)
                }
            }
        }
    }

    /// Shares a session's events after a number, those that are no news in silence; false when another server holds it.
    private func push(_ id: String, after shared: Int) async throws -> Bool {
        guard let session = try await local.session(id) else { return true }
        let told = ledger.withLock { $0.news(after: shared, of: id, lastSeq: session.lastSeq, lastActivityAt: session.lastActivityAt) }
        var last = shared
        while true {
            let page = try await local.events(of: id, after: last, limit: Self.pageSize)
            let isLatest = (page.last?.seq ?? last) >= session.lastSeq
            let command = try self.shared.appending(page, to: session, isLatest: isLatest, told: told)
            switch try SharedSessions.appended(try await self.shared.client.send([command])[0]) {
            case .done(let reached):
                last = max(reached, page.last?.seq ?? last)
                if isLatest {
                    noteShared(session, upTo: last)
                    return true
                }
            // It was lost once more, or was ahead of what we believed.
            case .gap(let reached): last = reached
            case .fenced:
                try await lose(id)
                return false
            }
        }
    }

    /// Shares the sessions that Redis should know as far as they are behind; how many were.
    private func pushRecent() async throws -> Int {
        let horizon = Timestamp.now - Int(shared.keep.components.seconds) * 1_000_000
        var count = 0
        var last: String?
        while case let page = try await local.sessions(state: nil, before: last, limit: Self.pageSize).filter({ $0.createdAt > horizon }),
            let oldest = page.last
        {
            last = oldest.id
            for (session, progress) in zip(page, try await shared.progress(of: page.map(\.id))) {
                if try await push(session, owner: progress.owner, after: progress.last) { count += 1 }
            }
        }
        return count
    }

    /// Shares a session as far as it is behind; whether it was.
    private func push(_ session: SessionRecord, owner: String?, after last: Int) async throws -> Bool {
        guard session.stopReason != SQLiteCallStore.movedReason else { return false }
        guard !isTaken(owner) else {
            if session.state != .stopped { try await lose(session.id) }
            return false
        }
        guard last < session.lastSeq else { return false }
        return try await push(session.id, after: last)
    }

    private func isTaken(_ owner: String?) -> Bool {
        owner.map { $0 != shared.node } ?? false
    }

    private func noteShared(_ session: SessionRecord, upTo last: Int) {
        ledger.withLock { $0.shared(session.id, upTo: last, hasStopped: session.state == .stopped) }
    }
}
