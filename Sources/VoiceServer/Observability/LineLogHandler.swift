import Logging

/// Writes log entries to standard error, one a line: `LEVEL: message key=value ...`.
///
/// Entries other than audit lines end with `time=`; audit lines are the original's to the letter.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let mask: NumberMask
    private let writer: LogWriter

    /// Makes a handler that drops entries below `level`, and hides telephone numbers where the mask says so.
    init(level: Logger.Level, mask: NumberMask = NumberMask(isOn: false), writer: LogWriter = .standardError) {
        logLevel = level
        self.mask = mask
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, own in own }
        writer.write(Self.line(event.level, event.message.description, masked(fields)))
    }

    private func masked(_ fields: Logger.Metadata) -> Logger.Metadata {
        guard mask.isOn else { return fields }
        let masked = fields.map { key, value in
            // These hold an address and nothing else, in whatever form the caller's side gave it.
            (key, Logger.MetadataValue.string(["from", "to"].contains(key) ? mask.address("\(value)") : mask.text("\(value)")))
        }
        return Dictionary(uniqueKeysWithValues: masked)
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
