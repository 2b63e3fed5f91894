import VoiceServer

/// What a configuration file says, in a short table.
struct ConfigSummary {
    private static let titles = ["agent", "numbers", "project", "chat", "tools"]

    let file: AgentFile

    /// The lines of it.
    var lines: [String] {
        let counts = "\(count(file.settings.count, "setting")), \(count(file.endpoints.count, "endpoint")), \(count(file.tools.count, "tool"))"
        return table + ["\(count(file.agents.count, "agent")), \(counts)"]
    }

    private var table: [String] {
        guard !file.agents.isEmpty else { return [] }
        let rows = [Self.titles] + file.agents.map(row)
        let widths = Self.titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    private func row(_ agent: AgentDefinition) -> [String] {
        let endpoints = agent.endpoints.map(\.name).joined(separator: ", then ")
        let chat = agent.chat.map(\.rawValue) ?? "as the server"
        return [
            agent.name,
            agent.numbers.isEmpty ? "all others" : agent.numbers.joined(separator: " "),
            agent.project,
            endpoints.isEmpty ? chat : "\(chat) (\(endpoints))",
            agent.tools.isEmpty ? "none" : agent.tools.map(\.name).joined(separator: " "),
        ]
    }

    private func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }
}
