import CoreMetrics
import Metrics
import Synchronization

/// Collects swift-metrics and renders them as Prometheus text (exposition format 0.0.4).
final class PrometheusRegistry: MetricsFactory {
    /// A value of a family that nothing keeps: it is read when it is asked for.
    struct Sample: Sendable {
        var family: MetricFamily
        /// `counter` or `gauge`.
        var type: String
        var value: Double
    }

    /// One time series: a name and its labels.
    private struct Key: Hashable {
        var name: String
        var labels: String
    }

    private struct State {
        var counters: [Key: PrometheusCounter] = [:]
        var gauges: [Key: PrometheusGauge] = [:]
        var histograms: [Key: PrometheusHistogram] = [:]
    }

    private let state = Mutex(State())

    /// Makes an empty registry.
    init() {}

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let key = Self.key(label, dimensions)
        return series(\.counters, key) { PrometheusCounter() }
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        PrometheusFloatingPointCounter(counter: makeCounter(label: label, dimensions: dimensions))
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let key = Self.key(label, dimensions)
        if aggregate {
            return series(\.histograms, key) { PrometheusHistogram(buckets: MetricFamily(rawValue: key.name)?.buckets ?? MetricFamily.usualBuckets) }
        }
        return series(\.gauges, key) { PrometheusGauge() }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        let key = Self.key(label, dimensions)
        return series(\.gauges, key) { PrometheusGauge() }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let key = Self.key(label, dimensions)
        return series(\.histograms, key) { PrometheusHistogram(buckets: MetricFamily(rawValue: key.name)?.buckets ?? MetricFamily.usualBuckets) }
    }

    // Series live as long as the process: their labels are a fixed, small set.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All series as text, with those of `samples` among them; families in the order of their names.
    func render(adding samples: [Sample] = []) -> String {
        let (counters, gauges, histograms) = state.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var families = samples.map { sample in
            let name = sample.family.rawValue
            return (name: name, lines: Self.head(name, sample.type) + ["\(name) \(sample.value)"])
        }
        families += Self.families(of: counters, type: "counter") { key, counter in ["\(key.name)\(key.labels) \(counter.value)"] }
        families += Self.families(of: gauges, type: "gauge") { key, gauge in ["\(key.name)\(key.labels) \(gauge.value)"] }
        families += Self.families(of: histograms, type: "histogram") { key, histogram in histogram.lines(name: key.name, labels: key.labels) }
        return families.sorted { $0.name < $1.name }.flatMap(\.lines).joined(separator: "\n") + "\n"
    }

    /// The series of this key, made when it is new.
    private func series<Series: Sendable>(
        _ path: any WritableKeyPath<State, [Key: Series]> & Sendable,
        _ key: Key,
        make: () -> Series
    ) -> Series {
        state.withLock { state in
            if let known = state[keyPath: path][key] { return known }
            let new = make()
            state[keyPath: path][key] = new
            return new
        }
    }

    /// The lines of each family, its series in the order of their labels.
    private static func families<Value>(
        of series: [Key: Value],
        type: String,
        render: (Key, Value) -> [String]
    ) -> [(name: String, lines: [String])] {
        Dictionary(grouping: series, by: \.key.name).map { name, series in
            let lines = series.sorted { $0.key.labels < $1.key.labels }.flatMap { render($0.key, $0.value) }
            return (name: name, lines: head(name, type) + lines)
        }
    }

    private static func head(_ name: String, _ type: String) -> [String] {
        (MetricFamily(rawValue: name).map { ["# HELP \(name) \($0.help)"] } ?? []) + ["# TYPE \(name) \(type)"]
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        let labels = dimensions.map { "\(sanitized($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
        return Key(name: sanitized(label), labels: labels.isEmpty ? "" : "{\(labels)}")
    }

    private static func sanitized(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
