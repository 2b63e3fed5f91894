import Logging

/// The log lines at start: version, settings, agents, engines, and what is reachable without credentials.
struct StartSummary {
    /// A line of the log.
    struct Line: Equatable {
        var level = Logger.Level.info
        var message: String
        var fields: [String: String] = [:]
    }

    let lines: [Line]

    init(_ configuration: ServerConfiguration, version: ProgramVersion) {
        var lines = [
            Line(message: "AgentOS Voice starts", fields: ["version": ProgramVersion.number, "commit": version.commit]),
            Line(message: "Settings that differ from the defaults", fields: Self.settings(configuration)),
            Line(message: "Agents", fields: Self.agents(configuration)),
            Line(message: "Engines", fields: Self.engines(configuration)),
        ]
        lines += Self.open(configuration)
        self.lines = lines
    }

    private static func settings(_ configuration: ServerConfiguration) -> [String: String] {
        let given = configuration.given.map { key, value in (key.rawValue, key.isSecret ? "***" : value) }
        var fields = Dictionary(uniqueKeysWithValues: given)
        fields["config"] = configuration.file
        return fields.isEmpty ? ["settings": "none"] : fields
    }

    private static func agents(_ configuration: ServerConfiguration) -> [String: String] {
        let agents = configuration.agentFile.agents
        guard !agents.isEmpty else { return ["default": "all numbers"] }
        let named = agents.map { ($0.name, $0.numbers.isEmpty ? "all other numbers" : $0.numbers.joined(separator: " ")) }
        return Dictionary(named) { first, _ in first }
    }

    private static func engines(_ configuration: ServerConfiguration) -> [String: String] {
        var fields = ["stt": configuration.stt, "chat": configuration.chat, "tts": configuration.tts]
        fields["whisper_model"] = configuration.whisperModel
        return fields
    }

    /// What anybody can reach who reaches the server.
    private static func open(_ configuration: ServerConfiguration) -> [Line] {
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(configuration.host)
        var lines = [
            Line(
                message: "Open to all: /healthz and /readyz. Twilio's paths want a signature, all others the API token",
                fields: ["host": configuration.host, "tls": "\(configuration.tls != nil)"]
            )
        ]
        if configuration.twilioAuthTokens.isEmpty {
            lines[0].message = "Open to all: /healthz, /readyz and Twilio's paths. All others want the API token"
        }
        if !isLocal, configuration.tls == nil {
            let message = "The server listens beyond this machine without TLS: put a proxy with TLS before it, or give --tls-cert and --tls-key"
            lines.append(Line(level: .warning, message: message, fields: ["host": configuration.host]))
        }
        return lines
    }
}
