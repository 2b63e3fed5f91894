import CoreMetrics
import Logging
import Metrics

/// Tells of services that failed and were stood in for, so that no caller noticed.
struct ServiceFailures: Sendable {
    private let factory: any MetricsFactory
    private let logger: Logger

    /// Makes a teller.
    init(factory: any MetricsFactory, logger: Logger) {
        self.factory = factory
        self.logger = logger
        for stage in ["stt", "tts"] { Counter(.serviceFailures, [("stage", stage)], factory: factory).increment(by: 0) }
    }

    /// Takes note of a failure; the message is one line without secrets.
    func note(stage: String, message: String) {
        Counter(.serviceFailures, [("stage", stage)], factory: factory).increment()
        logger.warning("A speech service failed; the local engine takes its place", metadata: ["stage": "\(stage)", "error": "\(message)"])
    }
}
