import Engines
import Foundation
import VoiceServer

/// A server that lives for one call.
enum OwnServer {
    /// Starts a server on a free port, lends its address and token, and stops it.
    static func run<Value: Sendable>(
        environment: [String: String],
        file: String? = nil,
        _ body: @escaping @Sendable (_ address: String, _ token: String) async throws -> Value
    ) async throws -> Value {
        // The call is what is watched; the server's log is shown from warnings on unless asked for.
        let level = environment["AGENTOS_LOG_LEVEL"] ?? "warning"
        // Its own folder: a server that runs beside it has the usual one.
        let folder = environment["AGENTOS_DATA_DIR"] ?? ".agentos/call"
        // It is called by this machine alone, at an address that no certificate of the user's is for.
        let environment = environment.filter { name, _ in ![SettingKey.tlsCert, .tlsKey].map(\.environmentName).contains(name) }
        let configuration = try ServerConfiguration(flags: [.port: "0", .logLevel: level, .dataDir: folder], environment: environment, file: file)
        let server = try VoiceServer(configuration, version: ThisProgram.version, probeExecutable: Installation.runningExecutable)
        let (addresses, announce) = AsyncStream<(String, String)>.makeStream()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await server.run { announce.yield(($0, $1)) }
                return nil
            }
            group.addTask {
                defer { server.stop() }
                for await (address, token) in addresses { return try await body(address, token) }
                return nil
            }
            // Of the two only the call gives a value; a server that cannot start throws first.
            var result: Value?
            for try await value in group { result = value ?? result }
            if let result { return result }
            throw StartError(.unavailable, "the server stopped before the call was placed")
        }
    }
}
