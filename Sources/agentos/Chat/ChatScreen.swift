import Conversation

/// Shows an answer as it is made.
struct ChatScreen {
    private var isInLine = false

    /// Shows a step of it.
    mutating func show(_ step: TextConversation.Step) {
        switch step {
        case .text(let text):
            if !isInLine { Terminal.write(Terminal.colored("agent  ", 32)) }
            isInLine = true
            Terminal.write(text)
        case .toolCalled(let call):
            note("tool   \(call.name) \(call.arguments)")
        case .toolFinished(let use):
            let status = use.outcome?.status ?? .unknown
            note("       \(status.rawValue.replacing("_", with: " ")): \(use.outcome?.text ?? "")")
        case .fault(let message):
            note("fault  \(message)")
        }
    }

    /// Ends the line that was begun.
    mutating func end() {
        if isInLine { Terminal.print("") }
        isInLine = false
    }

    private mutating func note(_ text: String) {
        end()
        Terminal.print(Terminal.colored(text, 90))
    }
}
