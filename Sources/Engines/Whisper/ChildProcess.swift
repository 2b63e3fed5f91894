import Foundation

/// Runs a program to its end, keeping the last of what it says on its standard error.
enum ChildProcess {
    /// How a program ended.
    enum Outcome: Sendable, Equatable {
        /// It ended by itself with a status; 0 means success.
        case exited(Int32)
        /// A signal ended it, for example 11 after a bad memory access.
        case signalled(Int32)
        /// It was still running after the time allowed, and was killed.
        case timedOut
    }

    /// How a program ended and what it said last.
    struct Report: Sendable, Equatable {
        var outcome: Outcome
        /// The end of its standard error, at most 2,000 bytes.
        var errors: String

        /// The last three lines of its standard error, in one.
        var lastLines: String {
            errors.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " ").trimmingCharacters(in: .whitespaces)
        }
    }

    private static let tailBytes: UInt64 = 2_000

    /// Runs a program; cancelling the task kills it.
    ///
    /// Its standard error goes to a file, not a pipe: a file never fills up, and is whole when the program has ended.
    /// - Throws: what starting the program threw, or `CancellationError`.
    static func run(_ executable: String, _ arguments: [String], timeout: Duration) async throws -> Report {
        let errors = FileManager.default.temporaryDirectory.appending(path: "agentos-child-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: errors.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(at: errors) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        let outcome = try await end(of: process, timeout: timeout)
        return Report(outcome: outcome, errors: tail(of: errors))
    }

    private static func end(of process: Process, timeout: Duration) async throws -> Outcome {
        let ended = Delivery<Outcome>()
        process.terminationHandler = { process in
            let status = process.terminationStatus
            ended.finish(.success(process.terminationReason == .exit ? .exited(status) : .signalled(status)))
        }
        try Task.checkCancellation()
        try process.run()
        defer {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await ended.value() }
            group.addTask {
                try await Task.sleep(for: timeout)
                return .timedOut
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .timedOut
        }
    }

    private static func tail(of file: URL) -> String {
        guard let handle = try? FileHandle(forReadingFrom: file), let size = try? handle.seekToEnd() else { return "" }
        defer { try? handle.close() }
        try? handle.seek(toOffset: size > tailBytes ? size - tailBytes : 0)
        return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    }
}
