package import Conversation

/// Repeats what the caller said; needs no model, so it shows at once whether a call hears and speaks.
package struct EchoAssistant: Assistant {
    package let providerName = "echo"

    /// Makes an assistant.
    package init() {}

    /// Answers exactly `You said: ` and the caller's last words.
    package func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
        let said = conversation.last { $0.role == .caller }?.text ?? ""
        return AsyncThrowingStream { continuation in
            continuation.yield(.text("You said: \(said)"))
            continuation.finish()
        }
    }
}
