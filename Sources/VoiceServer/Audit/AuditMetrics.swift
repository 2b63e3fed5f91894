import CoreMetrics
import Metrics

/// How the trail's writing goes.
struct AuditMetrics: Sendable {
    /// Records that are durable.
    let records: Counter
    /// Records that found no room while the disk refused, or no disk at the end.
    let lost: Counter
    /// 1 while the disk refuses, else 0.
    let failing: Gauge

    /// Registers the series with a factory.
    init(factory: any MetricsFactory) {
        records = Counter(.auditRecords, factory: factory)
        lost = Counter(.auditLost, factory: factory)
        failing = Gauge(.auditFailing, factory: factory)
        failing.record(0)
    }
}
