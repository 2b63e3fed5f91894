package import NIOCore

/// A command and its arguments.
package struct RedisCommand: Sendable, Equatable {
    /// The command's name, then its arguments.
    package var words: [String]

    /// Makes a command.
    package init(_ name: String, _ arguments: String...) {
        words = [name] + arguments
    }

    /// Makes a command of any number of arguments.
    package init(_ name: String, arguments: [String]) {
        words = [name] + arguments
    }

    /// Appends the command as the server reads it: an array of texts.
    package func encode(into buffer: inout ByteBuffer) {
        buffer.writeString("*\(words.count)\r\n")
        for word in words {
            buffer.writeString("$\(word.utf8.count)\r\n")
            buffer.writeString(word)
            buffer.writeString("\r\n")
        }
    }
}
