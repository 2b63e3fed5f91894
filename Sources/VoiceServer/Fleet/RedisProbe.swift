import Logging
import Redis

/// Whether the Redis of the settings answers: for `agentos doctor`.
package struct RedisProbe: Sendable {
    private let address: RedisAddress

    /// Makes a probe; nil where the settings name no Redis.
    package init?(_ settings: ServerConfiguration) {
        guard let address = settings.redis else { return nil }
        self.address = address
    }

    /// Where it is, without its password.
    package var place: String { "\(address)" }

    /// Why it cannot be used; nil where it answers.
    package func problem() async -> String? {
        do {
            let client = RedisClient(address, logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
            _ = try await client.withConnection { try await $0.send(RedisCommand("PING")) }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
