import CoreMetrics
import Diagnostics
import Logging
import Metrics
import Synchronization

/// Whether the store can be written to, said once whenever that changes.
///
/// Any write that fails says no. Only the pulse says yes again, since on a full disk a write may still find room in space that SQLite has already.
final class StoreHealth: Sendable {
    private let metrics: ServerMetrics
    private let logger: Logger
    private let isWorking = Mutex(true)

    /// Makes the health of a store that works.
    init(metrics: ServerMetrics, logger: Logger) {
        self.metrics = metrics
        self.logger = logger
    }

    /// Whether the last attempt succeeded.
    var isUp: Bool { isWorking.withLock { $0 } }

    /// The store was tried, and there was room for more.
    func worked() {
        guard set(true) else { return }
        metrics.storeUp.record(1)
        logger.notice("The store can be written to again: new calls are taken, and nothing that happened meanwhile is lost")
    }

    /// Something could not be written.
    func failed(_ error: any Error) {
        guard set(false) else { return }
        metrics.storeUp.record(0)
        logger.error(
            "The store refuses to write: new calls are turned away, running ones go on; make room on the disk of the data directory",
            metadata: ["error": "\(ErrorText.of(error))"]
        )
    }

    /// Returns whether this is news.
    private func set(_ isUp: Bool) -> Bool {
        isWorking.withLock { isWorking in
            defer { isWorking = isUp }
            return isWorking != isUp
        }
    }
}
