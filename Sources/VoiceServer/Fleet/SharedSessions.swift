import Conversation
import Redis

/// Sessions and events as they are in Redis.
struct SharedSessions: Sendable {
    /// Events of all sessions that are kept, roughly.
    static let streamLength = 100_000

    /// A session that was found.
    struct Found: Sendable {
        var record: SessionRecord
        /// The server that holds it.
        var owner: String
    }

    /// What an append came to.
    enum Appended: Sendable, Equatable {
        /// All is there, up to this number.
        case done(last: Int)
        /// Events after this number are missing; nothing was appended.
        case gap(last: Int)
        /// Another server holds the session; nothing was appended.
        case fenced
    }

    /// What a claim came to.
    enum Claimed: Sendable, Equatable {
        case unknown
        case stopped
        case mine
        /// A server that lives holds it.
        case held(by: String)
        /// It is ours now; its owner had died.
        case claimed
    }

    let client: RedisClient
    /// This server.
    let node: String
    /// How long a stopped session is kept.
    var keep = Duration.seconds(7 * 86_400)

    /// The command that appends events to a session of ours.
    ///
    /// - Parameters:
    ///   - events: the events, in order and without holes.
    ///   - session: the session as it is after them.
    ///   - isLatest: whether the record is shared, too; not before the last of its events is.
    ///   - told: the number up to which events are no news any more.
    /// - Returns: the command.
    /// - Throws: when the record cannot be encoded.
    func appending(_ events: [StoredEvent], to session: SessionRecord, isLatest: Bool, told: Int) throws -> RedisCommand {
        let keys = [FleetKeys.session(session.id), FleetKeys.events(session.id), FleetKeys.stream, FleetKeys.position]
        let values = [
            FleetKeys.prefix, node, session.id, isLatest ? try SharedRecord.text(session) : "", session.state.rawValue, String(session.createdAt),
            String(told), String(events.first?.seq ?? session.lastSeq + 1),
            String(Int(keep.components.seconds) * 1000), String(Self.streamLength),
        ]
        return Self.script(FleetScript.append, keys: keys, values: values + events.map(\.json))
    }

    /// What the answer to ``appending(_:to:isLatest:told:)`` means.
    static func appended(_ reply: RedisValue) throws -> Appended {
        if case .error(let error) = reply { throw error }
        guard let items = reply.items, items.count == 2 else { throw unexpected }
        switch (items[0].text, items[1].integer) {
        case ("ok", let last?): return .done(last: last)
        case ("gap", let last?): return .gap(last: last)
        case ("fenced", _): return .fenced
        default: throw unexpected
        }
    }

    /// Makes a session ours unless a server that lives holds it.
    func claim(_ id: String) async throws -> Claimed {
        let reply = try await client.send(
            Self.script(FleetScript.claim, keys: [FleetKeys.session(id)], values: [FleetKeys.prefix, node, id])
        )
        guard let items = reply.items, items.count == 2, let owner = items[1].text else { throw Self.unexpected }
        switch items[0].text {
        case "unknown": return .unknown
        case "stopped": return .stopped
        case "mine": return .mine
        case "held": return .held(by: owner)
        case "claimed": return .claimed
        default: throw Self.unexpected
        }
    }

    /// Gives a session of ours to another server, which may have it already; false if a third server has it.
    func transfer(_ id: String, to receiver: String) async throws -> Bool {
        let values = [FleetKeys.prefix, node, id, receiver]
        return try await client.send(Self.script(FleetScript.transfer, keys: [FleetKeys.session(id)], values: values)).integer == 1
    }

    /// The sessions of these ids, nil where there is none.
    func find(_ ids: [String]) async throws -> [Found?] {
        let replies = try await client.send(ids.map { RedisCommand("HMGET", FleetKeys.session($0), "record", "owner") })
        return try replies.map { reply in
            if case .error(let error) = reply { throw error }
            guard let items = reply.items, items.count == 2 else { throw Self.unexpected }
            return try items[0].text.map { Found(record: try SharedRecord.record($0), owner: items[1].text ?? "") }
        }
    }

    /// Who holds sessions and how many of their events are there.
    func progress(of ids: [String]) async throws -> [(owner: String?, last: Int)] {
        let commands = ids.flatMap { [RedisCommand("HGET", FleetKeys.session($0), "owner"), RedisCommand("LLEN", FleetKeys.events($0))] }
        let replies = try await client.send(commands)
        return stride(from: 0, to: replies.count, by: 2).map { (replies[$0].text, replies[$0 + 1].integer ?? 0) }
    }

    /// A session's events after `seq`, oldest first, at most `limit`.
    func events(of id: String, after seq: Int, limit: Int) async throws -> [StoredEvent] {
        let reply = try await client.send(RedisCommand("LRANGE", FleetKeys.events(id), String(max(0, seq)), String(max(0, seq) + limit - 1)))
        return try (reply.items ?? []).compactMap(\.text).map { try StoredEvent(sharedJSON: $0) }
    }

    /// The newest sessions in a state, made at or before a moment where one is given, in no certain order.
    func ids(in state: SessionRecord.State, madeBy moment: Int?, limit: Int) async throws -> [String] {
        let most = moment.map(String.init) ?? "+inf"
        let command = RedisCommand("ZREVRANGEBYSCORE", FleetKeys.sessions(state.rawValue), most, "-inf", "LIMIT", "0", String(limit))
        return try await client.send(command).items?.compactMap(\.text) ?? []
    }

    /// The place of the newest event among those of all sessions; 0 when there is none.
    func lastPosition() async throws -> Int {
        try await client.send(RedisCommand("GET", FleetKeys.position)).integer ?? 0
    }

    /// The events of all sessions after `position`, oldest first, at most `limit`.
    func events(after position: Int, limit: Int) async throws -> [StoredEvent] {
        try Self.entries(try await client.send(RedisCommand("XRANGE", FleetKeys.stream, "(\(position)-0", "+", "COUNT", String(limit))))
    }

    /// The events that a list of stream entries holds.
    static func entries(_ reply: RedisValue) throws -> [StoredEvent] {
        try (reply.items ?? []).map { entry in
            guard let parts = entry.items, parts.count == 2, let position = parts[0].text?.split(separator: "-").first.flatMap({ Int($0) }),
                let json = parts[1].items?.last?.text
            else { throw unexpected }
            return try StoredEvent(sharedJSON: json, position: position)
        }
    }

    private static func script(_ text: String, keys: [String], values: [String]) -> RedisCommand {
        RedisCommand("EVAL", arguments: [text, String(keys.count)] + keys + values)
    }

    private static let unexpected = RedisError(.protocolFault, "Redis holds under \(FleetKeys.prefix) what no server of this version wrote")
}
