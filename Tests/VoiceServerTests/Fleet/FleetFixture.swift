import Conversation
import Foundation
import Logging
import Redis
import TestSupport
import Testing

@testable import VoiceServer

/// One server's share in a fleet, without the server: its database, and Redis.
struct FleetNode: Sendable {
    let store: SharedCallStore
    let client: RedisClient

    /// Writes a change and gives the event that is told.
    @discardableResult
    func write(_ change: StoreChange) async throws -> StoredEvent? {
        try await store.write([change])[0]
    }

    /// Shows life, for a minute.
    func live() async throws {
        _ = try await client.send(RedisCommand("SET", FleetKeys.node(store.shared.node), "here", "PX", "60000"))
    }

    /// Returns when the client is connected, or no longer.
    func wait(isConnected: Bool) async {
        for await state in client.changes() where state == isConnected { return }
    }

    /// The numbers of the events of all sessions, by session.
    func told() async throws -> [String: [Int]] {
        Dictionary(grouping: try await store.shared.events(after: 0, limit: 1000), by: \.session).mapValues { $0.map(\.seq) }
    }
}

/// A client's habits on a machine that may be busy.
func patientRedis() -> RedisConfiguration {
    var configuration = RedisConfiguration()
    configuration.connectTimeout = .seconds(10)
    configuration.commandTimeout = .seconds(10)
    configuration.longestPause = .milliseconds(100)
    return configuration
}

/// Runs a node for the length of `body`, which begins when it has caught up.
func withNode(_ name: String, _ redis: RedisServer, _ body: (FleetNode) async throws -> Void) async throws {
    let folder = FolderFixture()
    defer { folder.remove() }
    let address = try #require(RedisAddress(redis.url))
    let client = RedisClient(address, configuration: patientRedis(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let local = try DataDirectory(folder.path).openStore()
    let node = FleetNode(store: SharedCallStore(local: local, shared: SharedSessions(client: client, node: name)), client: client)
    try await withThrowingTaskGroup { group in
        group.addTask { await client.run() }
        await node.wait(isConnected: true)
        try await node.live()
        _ = try await node.store.catchUp()
        try await node.store.beginFeed(at: 0)
        try await body(node)
        group.cancelAll()
    }
}

/// A session that has just been created.
func madeUpSession(_ id: String, createdAt: Int = Timestamp.now) -> SessionRecord {
    SessionRecord(id: id, callID: "CA\(id)", from: "+1", to: "+2", sttProvider: "scripted", createdAt: createdAt)
}
