import Conversation
import Diagnostics
import Logging
import ServiceLifecycle

/// Ends sessions whose stream never came, and those whose call was lost and did not come back.
struct SessionExpiry: Service {
    /// How often it looks for calls that did not come back.
    static let interval = Duration.seconds(1)
    /// It looks for streams that never came once in so many times.
    static let everySo = 60
    /// Twilio opens the stream within seconds of the webhook.
    static let age = Duration.seconds(900)

    let log: EventLog
    let directory: CallDirectory
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var looks = 0
            while (try? await Task.sleep(for: Self.interval)) != nil {
                await directory.expireAwaited()
                looks += 1
                guard looks.isMultiple(of: Self.everySo) else { continue }
                do {
                    for change in try await StaleSessions.expire(in: log.store, olderThan: Self.age) { log.record(change) }
                } catch {
                    logger.warning("Sessions without a stream could not be looked for", metadata: ["error": "\(ErrorText.of(error))"])
                }
            }
        }
    }
}
