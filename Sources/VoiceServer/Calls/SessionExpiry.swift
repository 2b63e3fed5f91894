import Conversation
import Logging
import ServiceLifecycle

/// Ends sessions whose stream never came.
struct SessionExpiry: Service {
    /// How often it looks.
    static let interval = Duration.seconds(60)
    /// Twilio opens the stream within seconds of the webhook.
    static let age = Duration.seconds(900)

    let log: EventLog
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil {
                do {
                    for change in try await StaleSessions.expire(in: log.store, olderThan: Self.age) { log.record(change) }
                } catch {
                    logger.warning("Sessions without a stream could not be looked for", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
