import Engines
import Logging

/// How the lines of the log look.
enum LogFormat: String, Sendable, CaseIterable {
    /// `TIME LEVEL: message key=value ...`
    case text
    /// One JSON object a line: `time`, `level`, `message` and the entry's fields.
    case json
}

/// Writes log entries to standard error, one a line.
///
/// The original's audit lines stand as they were behind the time; as JSON they are the `message`.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogFormat
    private let mask: NumberMask
    private let writer: LogWriter

    /// Makes a handler that drops entries below `level`, and hides telephone numbers where the mask says so.
    init(
        level: Logger.Level,
        format: LogFormat = .text,
        mask: NumberMask = NumberMask(isOn: false),
        writer: LogWriter = .standardError
    ) {
        logLevel = level
        self.format = format
        self.mask = mask
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, own in own }
        writer.write(Self.line(event.level, event.message.description, masked(fields), format: format), format: format)
    }

    private func masked(_ fields: Logger.Metadata) -> Logger.Metadata {
        guard mask.isOn || mask.hidesWords else { return fields }
        let shown = fields.map { key, value in (key, Logger.MetadataValue.string(masked("\(value)", of: key))) }
        return Dictionary(uniqueKeysWithValues: shown)
    }

    private func masked(_ value: String, of key: String) -> String {
        switch key {
        // These hold an address and nothing else, in whatever form the caller's side gave it.
        case "from", "to": mask.address(value)
        case _ where TurnNotes.wordKeys.contains(key): mask.words(value)
        case "error": mask.text(mask.failure(value))
        default: mask.text(value)
        }
    }

    /// The entry as one line; `now` is in microseconds since 1970.
    static func line(
        _ level: Logger.Level,
        _ message: String,
        _ metadata: Logger.Metadata,
        format: LogFormat = .text,
        now: Int = Timestamp.now
    ) -> String {
        switch format {
        case .text: "\(Timestamp.text(now)) \(level.rawValue.uppercased()): \(content(message, metadata))"
        case .json: object(level, message, metadata, now: now)
        }
    }

    private static func content(_ message: String, _ metadata: Logger.Metadata) -> String {
        // Audit entries carry no metadata: their fields are part of the message, in the original's order.
        if message.hasPrefix(AuditLine.prefix) { return message }
        let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(LogField.escaped("\($0.value)"))" }
        return LogField.onOneLine(message) + fields.joined()
    }

    private static func object(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, now: Int) -> String {
        let own = ["time": Timestamp.text(now), "level": level.rawValue, "message": message]
        var object = own.mapValues(JSONValue.string)
        for (key, value) in metadata { object[own[key] == nil ? key : "field_\(key)"] = .string("\(value)") }
        return (try? JSONValue.object(object).text()) ?? "{}"
    }
}
