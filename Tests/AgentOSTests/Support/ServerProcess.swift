import Foundation
import TestSupport
import Testing

/// A server as operators run it: the program in a process of its own.
struct ServerProcess {
    /// Where it listens, without the scheme.
    let authority: String
    let id: Int32
    let dataDirectory: String

    /// The webhook that Twilio calls.
    var webhook: String { "http://\(authority)\(SampleCall.webhookPath)" }

    /// What it came to.
    struct End {
        var status: Int32
        var log: String
    }

    /// Runs the program, lends it, and tells it to stop as an operator would; it may have so many `descriptors` open.
    static func run(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        descriptors: Int? = nil,
        _ body: (ServerProcess) async throws -> Void
    ) async throws -> End {
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let limit = descriptors.map { "ulimit -n \($0) && " } ?? ""
        let fixed = ["webui", "start", "--port", "0", "--data-dir", "\(folder)/data", "--stt", "scripted", "--tts", "tone", "--drain-seconds", "1"]
        process.arguments = ["-c", "\(limit)exec \"$0\" \"$@\"", Program.path] + fixed + arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
        let output = Pipe()
        process.standardOutput = output
        let log = "\(folder)/log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let text = await offPool {
            var text = ""
            while !text.contains("Dashboard"), case let data = output.fileHandleForReading.availableData, !data.isEmpty {
                text += String(decoding: data, as: UTF8.self)
            }
            return text
        }
        let line = text.split(separator: "\n").first { $0.contains("listening on") }
        let authority = try #require(line?.split(separator: "/").last, "\((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        try await body(ServerProcess(authority: String(authority), id: process.processIdentifier, dataDirectory: "\(folder)/data"))
        process.terminate()
        await offPool { process.waitUntilExit() }
        return End(status: process.terminationStatus, log: try String(contentsOfFile: log, encoding: .utf8))
    }

    /// Does what blocks on a thread of its own: the tests beside this one need the shared ones.
    private static func offPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: work()) }
        }
    }
}
