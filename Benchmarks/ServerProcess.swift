import AsyncHTTPClient
import Engines
import Foundation
import NIOCore
import NIOHTTP1
import UnixSignals

/// A server in a process of its own, so that its CPU time and memory are its own.
struct ServerProcess: Sendable {
    /// Where it listens.
    let address: String
    /// From its start until it listened, and until its engines were loaded, in ms.
    let listeningMs: Double
    let readyMs: Double
    private let id: Int32

    /// CPU time so far, in ns; 0 where the system does not say.
    var cpuNs: Int { CPUClock.ns(ofProcess: id) ?? 0 }

    /// Memory in RAM now, in KiB; nil where the system does not say.
    var residentKiB: Double? {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Double($0) }
    }

    /// Starts the server on a free port, lends it, and stops it also when this process is interrupted.
    static func run<Value: Sendable>(
        _ arguments: [String],
        data: String,
        _ body: @escaping @Sendable (ServerProcess) async throws -> Value
    ) async throws -> Value {
        let executable = URL(fileURLWithPath: Installation.runningExecutable).deletingLastPathComponent().appending(path: "agentos")
        guard FileManager.default.isExecutableFile(atPath: executable.path) else {
            throw BenchmarkError("\(executable.path) is not there: make build")
        }
        let process = Process()
        process.executableURL = executable
        process.arguments = ["webui", "start", "--port", "0", "--data-dir", data, "--drain-seconds", "1", "--log-level", "error"] + arguments
        let foreign = ["AGENTOS_", "TWILIO_", "OPENAI_", "REDIS_"]
        process.environment = ProcessInfo.processInfo.environment.filter { name, _ in
            name == "AGENTOS_HOME" || !foreign.contains { name.hasPrefix($0) }
        }
        let output = Pipe()
        process.standardOutput = output
        let start = ContinuousClock.now
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        let address = try listeningAddress(output.fileHandleForReading)
        let listeningMs = start.duration(to: .now) / .milliseconds(1)
        try await becomeReady(address)
        let readyMs = start.duration(to: .now) / .milliseconds(1)
        let server = ServerProcess(address: address, listeningMs: listeningMs, readyMs: readyMs, id: process.processIdentifier)
        return try await untilInterrupted { try await body(server) }
    }

    /// Reads what the server prints until it says where it listens.
    private static func listeningAddress(_ output: FileHandle) throws -> String {
        var text = ""
        while true {
            let bytes = output.availableData
            guard !bytes.isEmpty else { throw BenchmarkError("the server stopped before it listened") }
            text += String(decoding: bytes, as: UTF8.self)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first { $0.hasPrefix("AgentOS listening on ") }
            if let line { return String(line.dropFirst("AgentOS listening on ".count)) }
        }
    }

    private static func becomeReady(_ address: String) async throws {
        let request = HTTPClientRequest(url: "\(address)/readyz")
        while try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status != .ok {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func untilInterrupted<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { throw CancellationError() }
                return nil
            }
            defer { group.cancelAll() }
            for try await case let value? in group { return value }
            throw CancellationError()
        }
    }
}

/// What keeps a benchmark from running.
struct BenchmarkError: Error, CustomStringConvertible {
    /// One line: what, and how to mend it.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
