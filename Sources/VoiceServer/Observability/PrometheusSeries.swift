import CoreMetrics
import Metrics
import Synchronization

/// A count that only grows.
final class PrometheusCounter: CounterHandler {
    private let count = Atomic<Int64>(0)

    /// The count so far.
    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// A fractional count kept in whole numbers.
final class PrometheusFloatingPointCounter: FloatingPointCounterHandler {
    private let counter: any CounterHandler

    init(counter: any CounterHandler) { self.counter = counter }

    func increment(by amount: Double) { counter.increment(by: Int64(amount)) }
    func reset() { counter.reset() }
}

/// A value that goes up and down.
final class PrometheusGauge: MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    /// The value now.
    var value: Double { current.withLock { $0 } }

    func set(_ value: Int64) { current.withLock { $0 = Double(value) } }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// A distribution, in seconds for timers.
final class PrometheusHistogram: TimerHandler, RecorderHandler {
    private struct State {
        var counts: [Int]
        var count = 0
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    /// Makes an empty histogram; `buckets` are the upper bounds, in order.
    init(buckets: [Double]) {
        self.buckets = buckets
        state = Mutex(State(counts: [Int](repeating: 0, count: buckets.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            state.count += 1
            state.sum += value
            for (index, bound) in buckets.enumerated() where value <= bound { state.counts[index] += 1 }
        }
    }

    /// The series' lines.
    func lines(name: String, labels: String) -> [String] {
        let state = state.withLock { $0 }
        let own = labels.isEmpty ? "" : labels.dropFirst().dropLast() + ","
        let lines = zip(buckets, state.counts).map { "\(name)_bucket{\(own)le=\"\($0)\"} \($1)" }
        return lines + [
            "\(name)_bucket{\(own)le=\"+Inf\"} \(state.count)", "\(name)_sum\(labels) \(state.sum)", "\(name)_count\(labels) \(state.count)",
        ]
    }
}
