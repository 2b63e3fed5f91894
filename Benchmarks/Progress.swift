import Foundation

/// What is going on, on the standard error, so that the table can be sent elsewhere.
enum Progress {
    private static let origin = ContinuousClock.now

    /// Prints a line with the seconds passed since the first one.
    static func note(_ text: String) {
        let seconds = origin.duration(to: .now) / .seconds(1)
        try? FileHandle.standardError.write(contentsOf: Data((String(format: "%4.0f s  ", seconds) + text + "\n").utf8))
    }
}
