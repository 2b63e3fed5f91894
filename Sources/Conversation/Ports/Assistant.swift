/// Decides what to say to a caller.
///
/// An assistant keeps no memory of its own: everything it is to know of a call comes with each question.
package protocol Assistant: Sendable {
    /// The assistant's name as the `--chat` option knows it.
    var providerName: String { get }

    /// Answers the last turn of `conversation`: the caller's words, or what a tool said.
    ///
    /// - Parameter conversation: the call so far, oldest first, as it was heard.
    /// - Returns: the answer in pieces; its texts join without separators. Tools that are called are run by whoever asked, who then asks
    ///   again. Ending the iteration early cancels the request. The stream throws ``EngineError`` when the assistant failed.
    func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error>

    /// Tells in a few sentences what was said, so that a long call's memory stays small; nil where this assistant does not do that.
    ///
    /// - Parameter conversation: the part of the call to be put into few words, oldest first.
    /// - Returns: the summary.
    /// - Throws: ``EngineError`` when the assistant failed.
    func summary(of conversation: [ConversationTurn]) async throws -> String?
}

extension Assistant {
    package func summary(of conversation: [ConversationTurn]) async throws -> String? { nil }
}

/// A piece of an assistant's answer.
package enum AssistantOutput: Sendable, Equatable {
    /// More of what is to be said.
    case text(String)
    /// A tool that is to be called, complete with its arguments.
    case toolCall(ToolCall)
    /// An attempt has failed and another one is made: what and why, in one line without secrets.
    case fault(String)
}

/// One entry of a call's memory: what a side said, as both heard it, or what a tool did.
package struct ConversationTurn: Sendable, Equatable, Codable {
    /// Whose entry it is.
    package enum Role: String, Sendable, Codable {
        case caller
        case assistant
        /// A tool was called: ``ConversationTurn/tool`` says which and what came of it.
        case tool
        /// What came before, in few words.
        case summary
    }

    /// Whose entry it is.
    package var role: Role
    /// The words; none for a tool.
    package var text: String
    /// The call of a tool and its outcome.
    package var tool: ToolUse?

    /// Makes an entry of words.
    package init(role: Role, text: String) {
        self.role = role
        self.text = text
    }

    /// Makes an entry of a tool's use.
    package init(tool: ToolUse) {
        role = .tool
        text = ""
        self.tool = tool
    }
}
