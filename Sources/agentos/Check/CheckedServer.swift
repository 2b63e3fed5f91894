import Foundation

/// A server that is started to be checked, with a data directory that is removed afterwards.
struct CheckedServer {
    /// Settings of the user's that are kept: they say where the engines are and which model is used.
    private static let kept: Set<String> = ["AGENTOS_HOME", "AGENTOS_MODELS_DIR", "AGENTOS_WHISPER_MODEL"]
    private static let foreign = ["AGENTOS_", "TWILIO_", "OPENAI_", "REDIS_"]

    let list: CheckList
    /// The process's environment.
    let environment: [String: String]

    /// Starts a server, lends a client of it, and stops it; a server that fails is a cross.
    ///
    /// - Parameters:
    ///   - title: what the group of checks is called.
    ///   - settings: set in place of the user's.
    ///   - body: checks the server.
    func run(_ title: String, _ settings: [String: String] = [:], _ body: @escaping @Sendable (CheckClient) async -> Void) async {
        guard !Task.isCancelled else { return }
        await list.begin(title)
        let folder = FileManager.default.temporaryDirectory.appending(path: "agentos-verify-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try await OwnServer.run(environment: Self.environment(environment, folder: folder, settings)) { address, token in
                try await CheckClient.withClient(of: address, token: token, body)
            }
        } catch {
            await list.check("the server starts and runs", fix: "`agentos doctor` says what is missing") { throw error }
        }
    }

    /// The environment of the server: the user's, without settings that would make it another server than the one to be checked.
    static func environment(_ own: [String: String], folder: String, _ settings: [String: String]) -> [String: String] {
        var environment = own.filter { name, _ in kept.contains(name) || !foreign.contains { name.hasPrefix($0) } }
        environment["AGENTOS_DATA_DIR"] = folder
        environment["AGENTOS_DRAIN_SECONDS"] = "1"
        // Refusals are provoked here, and the server would warn of each.
        environment["AGENTOS_LOG_LEVEL"] = own["AGENTOS_LOG_LEVEL"] ?? "critical"
        return environment.merging(settings) { $1 }
    }
}
