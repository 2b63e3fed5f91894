import Conversation
import Redis

// Forgetting.
extension SharedSessions {
    /// Sessions or events looked at together.
    private static let pageSize = 200

    /// Deletes a caller's stopped sessions, and their events among those of all sessions.
    func forget(caller: String) async throws {
        var forgotten: Set<String> = []
        let all = try await client.send(RedisCommand("ZRANGE", FleetKeys.sessions(SessionRecord.State.stopped.rawValue), "0", "-1"))
        var rest = all.items?.compactMap(\.text)[...] ?? []
        while !rest.isEmpty {
            let page = Array(rest.prefix(Self.pageSize))
            rest = rest.dropFirst(page.count)
            forgotten.formUnion(
                zip(page, try await find(page)).compactMap { id, found in
                    found.flatMap { CallerKey.key(of: $0.record.from) == caller ? id : nil }
                }
            )
        }
        guard !forgotten.isEmpty else { return }
        let stopped = FleetKeys.sessions(SessionRecord.State.stopped.rawValue)
        let commands = forgotten.flatMap { id in
            [RedisCommand("DEL", FleetKeys.session(id), FleetKeys.events(id)), RedisCommand("ZREM", stopped, id)]
        }
        for start in stride(from: 0, to: commands.count, by: Self.pageSize) {
            _ = try await client.send(Array(commands[start..<min(start + Self.pageSize, commands.count)]))
        }
        try await removeFromStream(forgotten)
    }

    /// Drops what is too old to be kept of the events of all sessions, and from the list of stopped sessions those that are gone.
    func dropOld(now: Int) async throws {
        let moment = now - Int(keep.components.seconds) * 1_000_000
        _ = try await client.send([
            RedisCommand("XTRIM", FleetKeys.stream, "MINID", "~", String(max(0, moment))),
            // No call lasts a day: one that was made so long before is gone from Redis by now.
            RedisCommand("ZREMRANGEBYSCORE", FleetKeys.sessions(SessionRecord.State.stopped.rawValue), "-inf", String(moment - 86_400_000_000)),
        ])
    }

    private func removeFromStream(_ sessions: Set<String>) async throws {
        var last = 0
        while case let page = try await events(after: last, limit: Self.pageSize), let newest = page.last {
            last = newest.position
            let entries = page.filter { sessions.contains($0.session) }.map { "\($0.position)-0" }
            if !entries.isEmpty { _ = try await client.send(RedisCommand("XDEL", arguments: [FleetKeys.stream] + entries)) }
        }
    }
}
