import ArgumentParser
import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import TwilioTwin
import VoiceServer

/// The running server that `agentos calls` talks to.
struct CallsServer: ParsableArguments {
    private static let bodyLimit = 1 << 22
    private static let patience = TimeAmount.seconds(10)

    @Option(help: ArgumentHelp("The server's address, such as http://127.0.0.1:8000 (default: this machine, AGENTOS_PORT).", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "The server's API token (AGENTOS_API_TOKEN); for a server on this machine it is found in --data-dir.",
            valueName: "token"
        )
    )
    var apiToken: String?

    @Option(help: ArgumentHelp("Data directory of the server (AGENTOS_DATA_DIR, default .agentos).", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("PEM certificates to trust for https, beside the system's.", valueName: "file"))
    var ca: String?

    /// What the server answered.
    struct Answer: Sendable {
        var status: Int
        var body: Data
    }

    private var address: String {
        let environment = ProcessInfo.processInfo.environment
        let given = url ?? "http://127.0.0.1:\(environment["AGENTOS_PORT"].flatMap { Int($0) } ?? 8000)"
        return given.hasSuffix("/") ? String(given.dropLast()) : given
    }

    private func token() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let folder = dataDir ?? environment["AGENTOS_DATA_DIR"] ?? ".agentos"
        let access = EventAccess(given: apiToken ?? environment["AGENTOS_API_TOKEN"], webhook: address, folder: folder)
        guard let token = access.token else {
            throw StartError(.configuration, "the server's API token is not known: give --api-token, or its data directory with --data-dir")
        }
        return token
    }

    /// Fetches a path, or posts to it where there is a body.
    ///
    /// - Throws: ``StartError`` if the server cannot be reached.
    func ask(_ path: String, body: [String: String]? = nil, key: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.headers = ["Authorization": "Bearer \(try token())", "Accept": "application/json"]
        if let key { request.headers.add(name: "Idempotency-Key", value: key) }
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        }
        var server = TwinCallConfiguration(webhookURL: address)
        server.caFile = ca
        let configuration = try server.httpSettings()
        do {
            return try await HTTPClient.withHTTPClient(configuration: configuration) { [request] http in
                let response = try await http.execute(request, timeout: Self.patience)
                let data = try await response.body.collect(upTo: Self.bodyLimit)
                return Answer(status: Int(response.status.code), body: Data(data.readableBytesView))
            }
        } catch {
            throw StartError(.unavailable, "no server answers at \(address) (\(ErrorText.of(error))); start it, or give --url")
        }
    }
}

extension CallsServer.Answer {
    private struct Problem: Decodable {
        var error: String
    }

    /// The answer's JSON; a refusal is told in the server's own words.
    ///
    /// - Throws: `ExitCode` 1 if the server refused.
    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard (200..<300).contains(status) else {
            Terminal.warn((try? JSONDecoder().decode(Problem.self, from: body))?.error ?? "the server answered HTTP \(status)")
            throw ExitCode(1)
        }
        return try JSONDecoder().decode(type, from: body)
    }
}
