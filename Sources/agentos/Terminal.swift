import Foundation

/// Standard output: whole lines, at once.
enum Terminal {
    /// Whether a person is looking.
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// Prints a line at once, also into a pipe.
    static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Writes text at once, without ending the line.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Prints a line to standard error, for what is amiss and stops nothing.
    static func warn(_ line: String) {
        FileHandle.standardError.write(Data("agentos: \(line)\n".utf8))
    }

    /// The text in a colour (an ANSI code) where a person is looking.
    static func colored(_ text: String, _ code: Int) -> String {
        isInteractive ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
