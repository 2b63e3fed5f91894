import Foundation

/// Moments as microseconds since 1970, and as ISO 8601 text in UTC with six digits of a second.
enum Timestamp {
    /// The present moment.
    static var now: Int { Int((Date().timeIntervalSince1970 * 1_000_000).rounded()) }

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
