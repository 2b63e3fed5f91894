import Foundation

/// Moments as microseconds since 1970, and as ISO 8601 text in UTC with six digits of a second.
enum Timestamp {
    /// The present moment.
    static var now: Int { Int((Date().timeIntervalSince1970 * 1_000_000).rounded()) }

    /// Reads what ``text(_:)`` writes, with any number of digits of a second; nil when it is no moment.
    static func microseconds(_ text: String) -> Int? {
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let date = try? Date("\(parts[0])Z", strategy: .iso8601) else { return nil }
        let digits = parts.count == 2 ? parts[1].prefix(6) : "0"
        guard let fraction = Int(digits + String(repeating: "0", count: 6 - digits.count)) else { return nil }
        return Int(date.timeIntervalSince1970.rounded()) * 1_000_000 + fraction
    }

    /// For example `2026-01-31T09:05:00.000123Z`.
    static func text(_ microseconds: Int) -> String {
        let date = Date(timeIntervalSince1970: Double(microseconds.quotient(1_000_000)))
        let seconds = date.formatted(.iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false))
        let fraction = String(microseconds - microseconds.quotient(1_000_000) * 1_000_000)
        return seconds + "." + String(repeating: "0", count: 6 - fraction.count) + fraction + "Z"
    }
}

extension Int {
    /// The quotient rounded down, also for moments before 1970.
    fileprivate func quotient(_ divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
