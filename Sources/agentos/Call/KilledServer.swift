import Engines
import Foundation
import VoiceServer

/// A server in a process of its own that is killed (SIGKILL) in the middle of a call and started again at once.
struct KilledServer: Sendable {
    /// The environment of the server; `AGENTOS_API_TOKEN` in it is the token.
    let environment: [String: String]
    /// Its configuration file, if it has one.
    let file: String?
    /// When it is killed, from the moment it is lent, which is when its engines are loaded.
    let killAfter: Duration
    /// Told what happens to it, for people.
    let tell: @Sendable (String) -> Void

    /// Starts the server, lends its address, kills it and starts it again, and stops it in the end.
    func run<Value: Sendable>(_ body: @escaping @Sendable (_ address: String) async throws -> Value) async throws -> Value {
        var process = try start(port: "0")
        let address: String
        do {
            address = try await Self.listeningAddress(of: process)
            let id = process.process.processIdentifier
            try await ServerReadiness.wait(for: address) { kill(id, 0) == 0 }
        } catch {
            process.process.terminate()
            process.process.waitUntilExit()
            throw error
        }
        let port = address.split(separator: ":").last.map(String.init) ?? "0"
        return try await withThrowingTaskGroup(of: Value.self) { group in
            defer {
                process.process.terminate()
                process.process.waitUntilExit()
            }
            group.addTask { try await body(address) }
            try await Task.sleep(for: killAfter)
            kill(process.process.processIdentifier, SIGKILL)
            process.process.waitUntilExit()
            tell("the server is killed (SIGKILL)")
            let begin = ContinuousClock.now
            process = try start(port: port)
            _ = try await Self.listeningAddress(of: process)
            tell("the server listens again, \(Int(begin.duration(to: .now) / .milliseconds(1))) ms after it was started")
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private struct Running {
        var process: Process
        var output: FileHandle
    }

    private func start(port: String) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Installation.runningExecutable)
        process.arguments = ["webui", "start", "--port", port, "--drain-seconds", "2"] + (file.map { ["--config", $0] } ?? [])
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return Running(process: process, output: output.fileHandleForReading)
    }

    /// Reads what the server prints until it says where it listens; on a thread of its own, since it blocks.
    private static func listeningAddress(of server: Running) async throws -> String {
        let output = server.output
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                var text = ""
                while case let bytes = output.availableData, !bytes.isEmpty {
                    text += String(decoding: bytes, as: UTF8.self)
                    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    guard let line = lines.first(where: { $0.hasPrefix(Self.greeting) }) else { continue }
                    return continuation.resume(returning: String(line.dropFirst(Self.greeting.count)))
                }
                continuation.resume(throwing: StartError(.unavailable, "the server stopped before it listened; its own words are above"))
            }
        }
    }

    private static let greeting = "AgentOS listening on "
}
