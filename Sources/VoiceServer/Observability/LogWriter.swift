import Dispatch
import Foundation
import Logging
import Synchronization

/// Writes lines to a file descriptor on a queue of its own: whoever logs never waits for the reader of the log.
///
/// At most ``mostWaiting`` lines wait. Further ones, and those that a full disk or a closed pipe refuses, are dropped and counted in the next line
/// that can be written; the calls go on.
final class LogWriter: Sendable {
    static let mostWaiting = 10_000
    /// The process's standard error.
    static let standardError = LogWriter(.standardError)

    private struct State {
        var waiting = 0
        var dropped = 0
    }

    /// Kept, since it closes its descriptor with its end.
    private let handle: FileHandle
    private let output: TextOutput
    private let queue = DispatchQueue(label: "agentos.log")
    private let state = Mutex(State())

    /// Makes a writer for `handle`.
    init(_ handle: FileHandle) {
        self.handle = handle
        output = TextOutput(descriptor: handle.fileDescriptor)
    }

    /// Writes a line, soon; a note of lost lines before it has the same format.
    func write(_ line: String, format: LogFormat = .text) {
        let isAccepted = state.withLock { state in
            guard state.waiting < Self.mostWaiting else {
                state.dropped += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard isAccepted else { return }
        queue.async { self.writeNow(line, format) }
    }

    /// Returns when everything written before has left the process, or when its reader has stalled for two seconds.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .seconds(2))
    }

    private func writeNow(_ line: String, _ format: LogFormat) {
        let dropped = state.withLock { state in
            state.waiting -= 1
            defer { state.dropped = 0 }
            return state.dropped
        }
        let loss = "The log could not be written; \(dropped) lines are missing here"
        let note = dropped == 0 ? "" : LineLogHandler.line(.warning, loss, [:], format: format) + "\n"
        do {
            try output.send(note + line + "\n")
        } catch {
            state.withLock { $0.dropped += dropped + 1 }
        }
    }
}
