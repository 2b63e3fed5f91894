import Logging

/// Writes log entries to standard error, one a line: `LEVEL: message key=value ...`.
///
/// Entries other than audit lines end with `time=`; audit lines are the original's to the letter.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    /// Makes a handler that drops entries below `level`.
    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, own in own }
        LogWriter.standardError.write(Self.line(event.level, event.message.description, fields))
    }

    /// The entry as one line.
    static func line(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> String {
        "\(level.rawValue.uppercased()): \(content(message, metadata))"
    }

    private static func content(_ message: String, _ metadata: Logger.Metadata) -> String {
        // Audit entries carry no metadata: their fields are part of the message, in the original's order.
        if message.hasPrefix(AuditLine.prefix) { return message }
        let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(LogField.escaped("\($0.value)"))" }
        return LogField.onOneLine(message) + fields.joined() + " time=\(Timestamp.text(Timestamp.now))"
    }
}
