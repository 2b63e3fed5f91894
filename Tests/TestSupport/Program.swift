import Dispatch
import Foundation

/// The `agentos` program that tests start.
package enum Program {
    /// The program's path: `TEST_PROGRAM`, or the program that was built together with these tests, debug or release.
    package static let path: String = {
        if let chosen = ProcessInfo.processInfo.environment["TEST_PROGRAM"], !chosen.isEmpty { return absolute(chosen) }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("agentos").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : absolute(".build/debug/agentos")
    }()

    /// Where a stream of a started program goes.
    package enum Sink: Sendable {
        /// It is kept.
        case kept
        /// A disk without space.
        case full
        /// Nowhere: the descriptor is closed.
        case closed
        /// A pipe whose reader has gone.
        case broken
    }

    /// A program that has ended.
    package struct Ended: Sendable {
        /// The exit code; 128 and the signal's number if one ended it, as shells have it.
        package var status: Int32
        /// What it wrote, as far as that was kept.
        package var output: String
        package var errors: String

        /// The lines of ``output``.
        package var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// A file's path that does not depend on the working directory.
    package static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// Runs the program to its end, with nothing but this environment; for two minutes at most, then it is killed (137).
    package static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        output: Sink = .kept,
        errors: Sink = .kept,
        in folder: String? = nil
    ) async throws -> Ended {
        let running = try start(arguments, environment: environment, output: output, errors: errors, in: folder)
        return await running.ended()
    }

    /// Starts the program.
    package static func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        output: Sink = .kept,
        errors: Sink = .kept,
        in folder: String? = nil
    ) throws -> RunningProgram {
        try RunningProgram(arguments, environment: environment, output: output, errors: errors, in: folder)
    }
}

/// A program that was started by a test.
package final class RunningProgram: Sendable {
    private let process: Process
    private let files: String
    private let statuses: AsyncStream<Int32>
    private static let limit = DispatchTimeInterval.seconds(120)

    fileprivate init(_ arguments: [String], environment: [String: String], output: Program.Sink, errors: Program.Sink, in folder: String?) throws {
        let files = FileManager.default.temporaryDirectory.path + "/agentos-program-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let redirections = [Self.redirection(of: 1, to: output, in: files), Self.redirection(of: 2, to: errors, in: files)]
        process.arguments = ["-c", "exec \"$0\" \"$@\" \(redirections.joined(separator: " "))", Program.path] + arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": files]) { given, _ in given }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if case .broken = output { process.standardOutput = try Self.brokenPipe() }
        if case .broken = errors { process.standardError = try Self.brokenPipe() }
        let (statuses, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            continuation.yield(process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        self.process = process
        self.files = files
        self.statuses = statuses
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.limit) {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    /// Asks it to stop, as an operator would.
    package func terminate() {
        if process.isRunning { process.terminate() }
    }

    /// What it came to; to be asked for once.
    package func ended() async -> Program.Ended {
        var status: Int32 = -1
        for await last in statuses { status = last }
        defer { try? FileManager.default.removeItem(atPath: files) }
        return Program.Ended(status: status, output: text("1"), errors: text("2"))
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(files)/\(name)", encoding: .utf8)) ?? ""
    }

    private static func redirection(of descriptor: Int, to sink: Program.Sink, in files: String) -> String {
        switch sink {
        case .kept: "\(descriptor)>'\(files)/\(descriptor)'"
        case .full: "\(descriptor)>/dev/full"
        case .closed: "\(descriptor)>&-"
        case .broken: ""
        }
    }

    private static func brokenPipe() throws -> Pipe {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        return pipe
    }
}
