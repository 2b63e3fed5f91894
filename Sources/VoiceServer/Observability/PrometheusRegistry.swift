import CoreMetrics
import Metrics
import Synchronization

/// Collects swift-metrics and renders them as Prometheus text (exposition format 0.0.4).
final class PrometheusRegistry: MetricsFactory {
    /// Upper bounds of a histogram's buckets, in seconds: from a barge-in to a stalled provider.
    static let buckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2.5, 5, 10]

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
            return series(\.histograms, key) { PrometheusHistogram() }
        }
        return series(\.gauges, key) { PrometheusGauge() }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        let key = Self.key(label, dimensions)
        return series(\.gauges, key) { PrometheusGauge() }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let key = Self.key(label, dimensions)
        return series(\.histograms, key) { PrometheusHistogram() }
    }

    // Series live as long as the process: their labels are a fixed, small set.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All series as text.
    func render() -> String {
        let (counters, gauges, histograms) = state.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var lines: [String] = []
        Self.append(counters, type: "counter", to: &lines) { key, counter in ["\(key.name)\(key.labels) \(counter.value)"] }
        Self.append(gauges, type: "gauge", to: &lines) { key, gauge in ["\(key.name)\(key.labels) \(gauge.value)"] }
        Self.append(histograms, type: "histogram", to: &lines) { key, histogram in histogram.lines(name: key.name, labels: key.labels) }
        return lines.joined(separator: "\n") + "\n"
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

    private static func append<Value>(
        _ series: [Key: Value],
        type: String,
        to lines: inout [String],
        render: (Key, Value) -> [String]
    ) {
        var lastName = ""
        for (key, value) in series.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }) {
            if key.name != lastName { lines.append("# TYPE \(key.name) \(type)") }
            lastName = key.name
            lines += render(key, value)
        }
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
