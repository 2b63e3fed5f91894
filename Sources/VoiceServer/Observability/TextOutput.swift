import Foundation

/// Writes text to a descriptor that may be closed, full, slow or broken: whatever happens is an error, never a trap.
///
/// All output of the program goes through this type: what commands print, and the log.
package struct TextOutput: Sendable {
    /// The process's standard output.
    package static let standardOutput = TextOutput(descriptor: STDOUT_FILENO)
    /// The process's standard error.
    package static let standardError = TextOutput(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// Makes an output for an open descriptor.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes the whole text; waits while the reader is slow, also if the descriptor is non-blocking.
    ///
    /// - Throws: ``OutputError`` when the rest of the text cannot be written.
    package func send(_ text: String) throws(OutputError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count < 0 else {
                rest = rest.dropFirst(count)
                continue
            }
            let code = errno
            if code == EAGAIN || code == EWOULDBLOCK {
                waitUntilWritable()
            } else if code != EINTR {
                throw OutputError(code: code)
            }
        }
    }

    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }

    /// Makes the standard descriptors safe; to be called before anything else opens a file.
    ///
    /// A write to a closed pipe becomes an error instead of a signal. A standard descriptor that is closed is opened on `/dev/null` for reading:
    /// writes to it fail as before, and no other file (a database, a socket) gets its number and then receives the log.
    package static func prepareStandardDescriptors() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            // The system gives the lowest free number, which is this one.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}

/// Why text could not be written.
package struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system's error number.
    package let code: Int32

    /// Whether the reader has gone, as `head` does when it has seen enough.
    package var isBrokenPipe: Bool { code == EPIPE }

    /// What went wrong and how to mend it.
    package var description: String {
        switch code {
        case EBADF: "it is closed; send the output to a terminal, a file or /dev/null"
        case ENOSPC: "no space is left on the device; free some, or send the output elsewhere"
        default: "\(String(cString: strerror(code)).lowercased()); send the output elsewhere"
        }
    }
}
