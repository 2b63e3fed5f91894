import VoiceServer

/// Looks at what the settings and the configuration file say, without asking anybody.
struct ConfigurationFindings {
    let settings: ServerConfiguration

    /// All of them.
    func all() -> [Finding] {
        [tls].compactMap(\.self) + environment + file + prompts
    }

    private var tls: Finding? {
        guard let certificate = settings.tlsCertificate else { return nil }
        do {
            try settings.checkTLS()
            return Finding(.ok, "TLS", "\(certificate) and its key belong together")
        } catch {
            return Finding(.error, "TLS", error.message)
        }
    }

    private var environment: [Finding] {
        // Warnings are of Twilio's credentials, which have lines of their own.
        settings.remarks.filter { $0.level == .notice }.map { Finding(.note, "environment", $0.message) }
    }

    private var file: [Finding] {
        settings.fileNotes.map { Finding(.note, "configuration", "\(settings.file ?? ""):\($0)") }
    }

    private var prompts: [Finding] {
        var findings = settings.promptProblems.map { Finding(.note, "prompt", $0) }
        let silent = settings.agentsWithoutPrompt
        if !silent.isEmpty {
            let text = "the model is told only to be a friendly agent on the telephone; give each agent a `prompt`, or set AGENTOS_PROMPT"
            findings.append(Finding(.note, "prompt", "\(Self.list(silent)) \(silent.count == 1 ? "has" : "have") none: \(text)"))
        }
        return findings
    }

    /// Names of agents in a sentence.
    static func list(_ agents: [String]) -> String {
        "\(agents.count == 1 ? "agent" : "agents") \(agents.prefix(5).joined(separator: ", "))\(agents.count > 5 ? ", ..." : "")"
    }
}
