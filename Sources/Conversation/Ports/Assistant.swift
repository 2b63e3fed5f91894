/// Decides what to say to a caller.
///
/// One assistant is shared by all calls.
package protocol Assistant: Sendable {
    /// The assistant's name as the `--chat` option knows it.
    var providerName: String { get }

    /// Answers the last caller turn of `conversation`.
    ///
    /// - Parameter conversation: the call so far, oldest first, as it was heard; the last turn is the caller's.
    /// - Returns: the answer in pieces that join without separators; ending the iteration early cancels the request.
    ///   The stream throws ``EngineError`` when the assistant failed.
    func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<String, any Error>
}

/// One turn of a call as both sides heard it.
package struct ConversationTurn: Sendable, Equatable, Codable {
    /// Who spoke.
    package enum Role: String, Sendable, Codable {
        case caller
        case assistant
    }

    /// Who spoke.
    package var role: Role
    /// The words.
    package var text: String

    /// Makes a turn.
    package init(role: Role, text: String) {
        self.role = role
        self.text = text
    }
}
