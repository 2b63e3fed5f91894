import Conversation
import Redis

// Sessions of this server are read from its database, those of others from Redis; without Redis the database has to do.
extension SharedCallStore {
    /// Sessions read beyond those wanted, since some may have been made in the same microsecond, or be gone.
    private static let spare = 50

    func session(_ id: String) async throws -> SessionRecord? {
        let own = try await local.session(id)
        guard let found = await find(id, isKnownHere: own != nil) else { return own }
        return found.owner == shared.node ? Self.ours(own, found.record) : found.record
    }

    /// What Redis says of a session; nil where it does not have it, or cannot be asked.
    private func find(_ id: String, isKnownHere: Bool) async -> SharedSessions.Found? {
        if shared.client.isConnected, let found = try? await shared.find([id]) { return found[0] }
        // A moment without Redis must not make another server's session unknown.
        guard !isKnownHere, await shared.client.comesBack(), let found = try? await shared.find([id]) else { return nil }
        return found[0]
    }

    func sessions(state: SessionRecord.State?, before: String?, limit: Int) async throws -> [SessionRecord] {
        guard shared.client.isConnected else { return try await local.sessions(state: state, before: before, limit: limit) }
        var anchor: (at: Int, id: String)?
        if let before {
            if let moment = Timestamp.microseconds(before) {
                anchor = (moment, "")
            } else {
                guard let session = try await session(before) else { return [] }
                anchor = (session.createdAt, session.id)
            }
        }
        let own = try await local.sessions(state: state, before: anchor.map { Timestamp.text($0.at + 1) }, limit: limit + Self.spare)
        guard let all = try? await merge(own, state: state, madeBy: anchor?.at, limit: limit + Self.spare) else {
            return try await local.sessions(state: state, before: before, limit: limit)
        }
        let wanted = all.filter { session in
            (state == nil || session.state == state) && anchor.map { (session.createdAt, session.id) < ($0.at, $0.id) } ?? true
        }
        return Array(wanted.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(limit))
    }

    func events(of session: String, after seq: Int, limit: Int) async throws -> [StoredEvent] {
        if shared.client.isConnected, let owner = try? await shared.progress(of: [session]).first?.owner, owner != shared.node {
            return try await shared.events(of: session, after: seq, limit: limit)
        }
        return try await local.events(of: session, after: seq, limit: limit)
    }

    func lastPosition() async throws -> Int {
        if let position = try? await shared.lastPosition() { note(position: position) }
        return newestPosition
    }

    func events(after position: Int, limit: Int) async throws -> [StoredEvent] {
        // Without Redis nobody knows what other servers told; whoever asks comes back rather than miss something.
        // And what is read here must not be older than what this server begins to hear live.
        guard hasFeed else { throw RedisError(.away, "the events of all sessions are not heard yet; ask again in a moment") }
        return try await shared.events(after: position, limit: limit)
    }

    /// Our sessions and those of others, each as its owner has it, in no certain order.
    private func merge(_ own: [SessionRecord], state: SessionRecord.State?, madeBy moment: Int?, limit: Int) async throws -> [SessionRecord] {
        var ids = Set(own.map(\.id))
        for state in state.map({ [$0] }) ?? SessionRecord.State.allCases {
            ids.formUnion(try await shared.ids(in: state, madeBy: moment, limit: limit))
        }
        let own = Dictionary(uniqueKeysWithValues: own.map { ($0.id, $0) })
        let list = Array(ids)
        return zip(list, try await shared.find(list)).compactMap { id, found in
            guard let found else { return own[id] }
            return found.owner == shared.node ? Self.ours(own[id], found.record) : found.record
        }
    }

    /// A session that Redis says is ours: as it is here, unless it was given to us and has not been taken in yet.
    private static func ours(_ local: SessionRecord?, _ found: SessionRecord) -> SessionRecord {
        guard let local, local.stopReason != SQLiteCallStore.movedReason else { return found }
        return local
    }
}
