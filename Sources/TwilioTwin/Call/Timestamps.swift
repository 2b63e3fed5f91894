import Foundation

/// The two spellings of time in Twilio's callbacks.
enum Timestamps {
    /// For call callbacks, such as `Mon, 23 Nov 2026 01:00:14 +0000`.
    static func rfc2822(_ date: Date = Date()) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss +0000"
        return formatter.string(from: date)
    }

    /// For stream callbacks, such as `2026-11-23T01:00:14.123Z`.
    static func iso8601(_ date: Date = Date()) -> String { date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
