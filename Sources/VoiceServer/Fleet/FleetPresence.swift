import Foundation
import Logging
import Redis

/// The signs of life of this server, and of the others.
struct FleetPresence: Sendable {
    /// Signs after which another one's sign in our place cannot be left over from before.
    private static let settled = 5

    let node: String
    /// How long a server is taken to live after its last sign.
    let lifetimeMs: Int
    let client: RedisClient
    let logger: Logger
    /// Tells this process from others that were started with the same data directory.
    private let sign = UUID().uuidString
    private var signs = 0

    /// Makes the presence of a server that begins now.
    init(node: String, lifetimeMs: Int, client: RedisClient, logger: Logger) {
        self.node = node
        self.lifetimeMs = lifetimeMs
        self.client = client
        self.logger = logger
    }

    /// Shows that the server lives; whether Redis still knew of the sign before.
    mutating func show() async throws -> Bool {
        let replies = try await client.send([
            RedisCommand("SET", FleetKeys.node(node), sign, "PX", String(lifetimeMs), "GET"),
            RedisCommand("SADD", FleetKeys.nodes, node),
        ])
        if case .error(let error) = replies.first { throw error }
        signs += 1
        if let found = replies.first?.text, found != sign, signs > Self.settled {
            logger.error("Two servers have the same node-id; remove that file from the data directory of the one that was copied")
        }
        return replies.first?.text == sign
    }

    /// The servers that show no sign of life.
    func dead() async throws -> Set<String> {
        let nodes = try await client.send(RedisCommand("SMEMBERS", FleetKeys.nodes)).items?.compactMap(\.text) ?? []
        let replies = try await client.send(nodes.map { RedisCommand("EXISTS", FleetKeys.node($0)) })
        return Set(zip(nodes, replies).compactMap { $1.integer == 0 ? $0 : nil })
    }
}
