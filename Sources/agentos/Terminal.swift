import Foundation
import Synchronization
import VoiceServer

/// The program's standard output and standard error: whole lines, at once, and never a trap.
enum Terminal {
    /// Whether a person is looking.
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// EX_IOERR of sysexits.
    private static let ioError: Int32 = 74
    private static let output = CommandOutput()

    /// Prints a line of a command's output at once, also into a pipe.
    ///
    /// When it cannot be written, the command ends: see ``whileOutputLasts(_:)``.
    static func print(_ line: String) {
        output.write(line + "\n")
    }

    /// Writes text of a command's output at once, without ending the line.
    static func write(_ text: String) {
        output.write(text)
    }

    /// Prints a line that a server can do without: when it cannot be written, it is lost.
    static func announce(_ line: String) {
        try? TextOutput.standardOutput.send(line + "\n")
    }

    /// Prints a line to standard error, for what is wrong and stops nothing.
    static func warn(_ line: String) {
        try? TextOutput.standardError.send("agentos: \(line)\n")
    }

    /// The text in a colour (an ANSI code) if a person is looking.
    static func colored(_ text: String, _ code: Int) -> String {
        isInteractive ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Runs a command that has to clean up, such as one with a server of its own.
    ///
    /// A command whose output cannot be written ends at once. In here its task is cancelled instead, further output is dropped, and the error is
    /// thrown once the body has returned.
    static func whileOutputLasts<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await output.whileItLasts(body)
    }

    /// Ends the program because its output cannot be written.
    ///
    /// Without a reader (`| head`) it dies as of SIGPIPE, which shells show as 141 and say nothing of. Everything else is one line and 74 (EX_IOERR).
    static func end(without failure: OutputError) -> Never {
        if failure.isBrokenPipe {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
            // The signal is blocked.
            exit(128 + SIGPIPE)
        }
        warn("cannot write to standard output: \(failure)")
        exit(ioError)
    }
}

/// What a command prints, until it cannot be written any more.
private final class CommandOutput: Sendable {
    private struct State {
        var failure: OutputError?
        /// Bodies that are cancelled when the output fails.
        var waiting: [UUID: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// Writes the text; nothing once a text could not be written.
    func write(_ text: String) {
        state.withLock { state in
            guard state.failure == nil else { return }
            do throws(OutputError) {
                try TextOutput.standardOutput.send(text)
            } catch {
                guard !state.waiting.isEmpty else { Terminal.end(without: error) }
                state.failure = error
                for continuation in state.waiting.values { continuation.finish() }
            }
        }
    }

    /// Runs the body, and cancels it when the output fails.
    func whileItLasts<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let (failed, continuation) = AsyncStream.makeStream(of: Void.self)
        let id = UUID()
        state.withLock { $0.waiting[id] = continuation }
        defer { state.withLock { $0.waiting[id] = nil } }
        do {
            let value = try await first(of: body, until: failed)
            if let failure { throw failure }
            return value
        } catch {
            throw failure ?? error
        }
    }

    private func first<Value: Sendable>(
        of body: @escaping @Sendable () async throws -> Value,
        until failed: AsyncStream<Void>
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in failed {}
                return nil
            }
            defer { group.cancelAll() }
            // The stream ends with the output; leaving the group waits for the body.
            guard case .some(.some(let value)) = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private var failure: OutputError? { state.withLock { $0.failure } }
}
