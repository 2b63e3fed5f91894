/// Why a command had no answer, or which error the server answered with.
package struct RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds.
    package enum Code: Sendable, Equatable {
        /// There is no connection; nothing was sent.
        case away
        /// The connection ended before the answer came: the command may have been carried out or not.
        case closed
        /// No answer in time: the command may have been carried out or not.
        case timedOut
        /// Too many commands wait for their answers; nothing was sent.
        case overloaded
        /// The server does not keep the protocol.
        case protocolFault
        /// The server does not let us in.
        case refused
        /// The server answered with an error.
        case reply
    }

    /// What kind it is.
    package var code: Code
    /// What, why, how to mend it.
    package var message: String

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Makes the error that an error reply is; its text is the server's, cut to what fits a line.
    init(reply: String) {
        code = .reply
        message = String(reply.prefix(200).map { $0.isNewline ? " " : $0 })
    }

    /// The first word of an error reply, such as `WRONGPASS`; nil for other errors.
    package var replyCode: String? {
        code == .reply ? message.split(separator: " ").first.map(String.init) : nil
    }

    package var description: String { message }
}
