import Foundation

/// One line of the table: a quantity and the values measured.
struct Row: Sendable {
    /// Which end of the values is the good one.
    enum Best: Sendable {
        case lowest
        case highest
    }

    /// What was measured.
    let name: String
    /// The unit of the values.
    let unit: String
    /// Sorted, best first.
    let values: [Double]

    /// Makes a line of values in any order.
    init(_ name: String, _ unit: String, _ values: [Double], best: Best = .lowest) {
        self.name = name
        self.unit = unit
        self.values = best == .lowest ? values.sorted() : values.sorted(by: >)
    }

    /// The median, best, 95th percentile from the good end, and number of values; a single value has no best and no percentile.
    var cells: [String] {
        guard let best = values.first else { return ["none", "", "", "0"] }
        guard values.count > 1 else { return [Self.text(best), "", "", "1"] }
        return [Self.text(value(at: 0.5)), Self.text(best), Self.text(value(at: 0.95)), "\(values.count)"]
    }

    /// The value that this share of all is as good as or better than (nearest rank).
    private func value(at share: Double) -> Double {
        values[max(0, Int((share * Double(values.count)).rounded(.up)) - 1)]
    }

    /// A number with three significant digits, but never fewer than its whole ones.
    private static func text(_ value: Double) -> String {
        let digits = value.magnitude >= 100 || value == 0 ? 0 : value.magnitude >= 10 ? 1 : value.magnitude >= 1 ? 2 : 3
        return String(format: "%.\(digits)f", value)
    }
}
