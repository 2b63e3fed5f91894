import AsyncHTTPClient
import Engines
import Foundation
import NIOCore
import NIOHTTP1

/// The server in a process of its own, started again on the same port and data as often as it is killed.
actor SoakServer {
    /// Signs Twilio's requests.
    static let authToken = "soak-auth-token"
    /// The REST API's token.
    static let apiToken = "soak-api-token-0123456789"

    private let folder: String
    private let engines: String
    private var process: Process?
    private(set) var port = 0
    /// How often the process has been started.
    private(set) var starts = 0

    /// Makes a server that does not run.
    init(folder: String, engines: String) {
        self.folder = folder
        self.engines = engines
    }

    /// Where it listens.
    var address: String { "http://127.0.0.1:\(port)" }

    /// Starts the process and waits until it takes calls.
    func start() async throws {
        let executable = URL(fileURLWithPath: Installation.runningExecutable).deletingLastPathComponent().appending(path: "agentos")
        guard FileManager.default.isExecutableFile(atPath: executable.path) else { throw SoakError("\(executable.path) is not there: make build") }
        let process = Process()
        process.executableURL = executable
        process.arguments = [
            "webui", "start", "--port", "\(port)", "--data-dir", "\(folder)/data", "--stt", engines, "--tts", "tone", "--drain-seconds", "5",
            "--log-level", "error",
        ]
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            name == "AGENTOS_HOME" || !["AGENTOS_", "TWILIO_", "REDIS_"].contains { name.hasPrefix($0) }
        }
        environment["AGENTOS_API_TOKEN"] = Self.apiToken
        environment["TWILIO_AUTH_TOKEN"] = Self.authToken
        // Calls that came in under pressure are what is to be judged, so that none is turned away.
        environment["AGENTOS_OVERLOAD_LATENESS_MS"] = "0"
        environment["AGENTOS_OVERLOAD_QUEUE_MS"] = "0"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        self.process = process
        starts += 1
        var text = ""
        while !text.contains("Dashboard"), case let data = output.fileHandleForReading.availableData, !data.isEmpty {
            text += String(decoding: data, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.contains("listening on") }
        guard let found = line?.split(separator: ":").last.flatMap({ Int($0) }) else { throw SoakError("the server did not start") }
        port = found
        while try await get("/readyz").status != .ok { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Ends the process without a word.
    func kill() {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Holds the process still for a while, as a machine does that has too much to do.
    func freeze(for duration: Duration) async throws {
        guard let process else { return }
        Foundation.kill(process.processIdentifier, SIGSTOP)
        try await Task.sleep(for: duration)
        Foundation.kill(process.processIdentifier, SIGCONT)
    }

    /// Ends the process as an operator does; it must go in good order.
    func stop(_ findings: Findings) async throws {
        guard let process else { return }
        if !process.isRunning { return await findings.add("the server ended by itself with \(process.terminationStatus)") }
        process.terminate()
        process.waitUntilExit()
        if process.terminationStatus != 0 { await findings.add("the server ended with \(process.terminationStatus) when told to stop") }
    }

    /// Whether the process still runs.
    var isRunning: Bool { process?.isRunning ?? false }

    /// What the process holds now.
    func level() throws -> Level {
        guard let process, process.isRunning else { throw SoakError("the server is gone") }
        return try Level(process: process.processIdentifier)
    }

    /// Asks the REST API.
    func get(_ path: String) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + path)
        request.headers.add(name: "Authorization", value: "Bearer \(Self.apiToken)")
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    }

    /// Frames of answers sent since the process started, and how many of them were more than 100 ms late, as the server itself measured it.
    func frames() async throws -> (sent: Int, late: Int) {
        let text = String(buffer: try await get("/metrics").body.collect(upTo: 1 << 22))
        func value(_ name: String) -> Int? {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            return line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) }
        }
        guard let sent = value("agentos_playout_lateness_seconds_count"), let early = value("agentos_playout_lateness_seconds_bucket{le=\"0.1\"}")
        else { throw SoakError("the server's metrics do not say how late its audio is") }
        return (sent, sent - early)
    }

    /// How many sessions are in a state.
    func sessions(_ state: String) async throws -> Int {
        let body = try await get("/api/voice/sessions?limit=500&state=\(state)").body.collect(upTo: 1 << 24)
        let list = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        return (list?["sessions"] as? [Any])?.count ?? 0
    }
}

/// What a process holds of the machine.
struct Level: Sendable, CustomStringConvertible {
    var memoryMiB: Double
    var descriptors: Int

    /// Looks at a process.
    init(process: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let fields = status.split { $0 == "\n" || $0 == "\t" || $0 == " " }
        let place = fields.firstIndex(of: "VmRSS:").map { fields.index(after: $0) } ?? fields.startIndex
        memoryMiB = (Double(String(fields[place])) ?? 0) / 1024
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    var description: String { String(format: "%.0f MiB, %d descriptors", memoryMiB, descriptors) }
}
