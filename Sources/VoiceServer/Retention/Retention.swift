import Conversation
import Diagnostics
import Logging
import ServiceLifecycle

/// Deletes sessions that are older than they are to be kept: at the start, and every hour.
struct Retention: Service {
    /// How often it looks.
    private static let interval = Duration.seconds(3600)
    private static let microsecondsPerDay = 86_400_000_000
    /// Sessions looked up at a time.
    private static let pageSize = 50

    let removal: SessionRemoval
    /// How many days; 0 for ever.
    let keepDays: Int
    let logger: Logger

    func run() async throws {
        guard keepDays > 0 else {
            // A service that ends by itself while others shut down would count as failed.
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            repeat {
                do {
                    let count = try await sweep(now: Timestamp.now)
                    if count > 0 { logger.info("Old sessions were deleted", metadata: ["sessions": "\(count)", "keep_days": "\(keepDays)"]) }
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.error("Old sessions could not be deleted; trying again in an hour", metadata: ["error": "\(ErrorText.of(error))"])
                }
            } while (try? await Task.sleep(for: Self.interval)) != nil
        }
    }

    /// Deletes what is too old at a moment.
    ///
    /// - Returns: how many sessions.
    func sweep(now: Int) async throws -> Int {
        let moment = now - keepDays * Self.microsecondsPerDay
        var count = 0
        while case let page = try await removal.store.sessions(stoppedBefore: moment, limit: Self.pageSize), !page.isEmpty {
            for session in page {
                try Task.checkCancellation()
                if try await removal.remove(session) { count += 1 }
            }
        }
        if count > 0 { try await removal.store.emptyWriteAheadFile() }
        return count
    }
}
