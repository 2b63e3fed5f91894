import Logging
import ServiceLifecycle

/// Lets running calls end in their own time when the server is told to stop, up to a limit.
struct DrainService: Service {
    let directory: CallDirectory
    let limit: Duration
    let logger: Logger

    func run() async throws {
        // Cancelled instead of shut down means that something failed: then nobody waits.
        guard (try? await gracefulShutdown()) != nil else { return }
        await directory.drain()
        let calls = await directory.liveCount
        guard calls > 0 else { return }
        logger.notice("Draining: new calls are turned away, running ones may end", metadata: ["calls": "\(calls)", "limit": "\(limit)"])
        await withTaskGroup { group in
            group.addTask { await directory.waitUntilIdle() }
            group.addTask { _ = try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        await directory.endAll(.serverStopped)
        await withTaskGroup { group in
            group.addTask { await directory.waitUntilIdle() }
            // Ended calls have their last words recognised; then the server goes.
            group.addTask { _ = try? await Task.sleep(for: .seconds(5)) }
            await group.next()
            group.cancelAll()
        }
    }
}
