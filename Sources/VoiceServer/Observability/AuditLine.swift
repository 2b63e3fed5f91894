/// The original's audit lines, to the letter.
struct AuditLine: Sendable, Equatable {
    static let prefix = "AUDIT: "

    /// The whole line but for the level.
    let text: String

    private init(_ event: String, _ fields: [(String, String)]) {
        let joined = fields.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
        text = "\(Self.prefix)voice.twilio.\(event) \(joined) provider=twilio"
    }

    /// A webhook made a session.
    static func sessionCreated(session: String, call: String, from: String, to: String) -> AuditLine {
        AuditLine(
            "session.created",
            [("session_id", plain(session)), ("call_sid", plain(call)), ("from", plain(from)), ("to", plain(to))]
        )
    }

    /// A media socket was accepted.
    static func streamConnected(session: String, call: String) -> AuditLine {
        AuditLine("stream.connected", [("session_id", plain(session)), ("call_sid", plain(call))])
    }

    /// A stream's `start` was accepted.
    static func streamStarted(session: String, stream: String, call: String) -> AuditLine {
        AuditLine("stream.started", [("session_id", plain(session)), ("stream_sid", plain(stream)), ("call_sid", plain(call))])
    }

    /// The caller said something and was answered.
    static func transcript(session: String, stream: String, transcript: String, response: String) -> AuditLine {
        AuditLine(
            "transcript",
            [
                ("session_id", plain(session)), ("stream_sid", plain(stream)),
                ("transcript", LogField.quoted(transcript)), ("response", LogField.quoted(response)),
            ]
        )
    }

    /// A stream ended; `reason` is a JSON object on one line.
    static func streamStopped(session: String, stream: String, reason: String) -> AuditLine {
        AuditLine("stream.stopped", [("session_id", plain(session)), ("stream_sid", plain(stream)), ("reason", LogField.onOneLine(reason))])
    }

    private static func plain(_ value: String) -> String { LogField.escaped(value) }
}
