import Conversation

/// What of a call a model is told: as much as fits a budget, the newest first to stay.
struct ChatMemory: Sendable {
    /// Asks for an answer where the call's last entry is the assistant's own: servers want the last word to be somebody else's.
    static let nudge = "(The caller has not spoken since. Go on.)"

    /// What every request begins with.
    let systemPrompt: String
    /// The most tokens, all included.
    let budget: Int
    /// The tokens of the tools' declarations.
    let toolTokens: Int

    /// Makes a memory for a configuration.
    init(_ configuration: ChatConfiguration) {
        systemPrompt = configuration.systemPrompt
        budget = configuration.memoryTokens
        toolTokens = configuration.tools.map { ChatMessage.tokens(bytes: ((try? $0.json.data().count) ?? 0)) }.reduce(0, +)
    }

    /// The messages of a request.
    ///
    /// Where the call is too long, its oldest entries are left out. Summaries stay, and so does all from the caller's newest words on: a model
    /// that is not told which tools it called just now calls them again. That may be more than the budget.
    func messages(for conversation: [ConversationTurn]) -> [ChatMessage] {
        let entries = conversation.filter { $0.role == .tool || !$0.text.allSatisfy(\.isWhitespace) }
        var kept = entries[...]
        var summaries: [ConversationTurn] = []
        let newest = entries.lastIndex { $0.role == .caller } ?? max(0, entries.count - 1)
        var messages = assembled(summaries, kept)
        while tokens(of: messages) > budget, let next = kept.indices.first, next < newest {
            repeat { Self.drop(&kept, keeping: &summaries) } while kept.startIndex < newest && Self.beginsWithTool(kept)
            messages = assembled(summaries, kept)
        }
        return messages
    }

    private static func drop(_ kept: inout ArraySlice<ConversationTurn>, keeping summaries: inout [ConversationTurn]) {
        let dropped = kept.removeFirst()
        if dropped.role == .summary { summaries.append(dropped) }
    }

    /// A tool's use says nothing without the words that led to it.
    private static func beginsWithTool(_ entries: ArraySlice<ConversationTurn>) -> Bool {
        entries.first { $0.role != .summary }?.role == .tool
    }

    private func tokens(of messages: [ChatMessage]) -> Int { messages.map(\.tokens).reduce(toolTokens, +) }

    private func assembled(_ summaries: [ConversationTurn], _ entries: ArraySlice<ConversationTurn>) -> [ChatMessage] {
        var messages = systemPrompt.isEmpty ? [] : [ChatMessage(.system, systemPrompt)]
        for entry in summaries + entries { Self.add(entry, to: &messages) }
        if messages.last?.role == .assistant { messages.append(ChatMessage(.user, Self.nudge)) }
        return messages
    }

    private static func add(_ entry: ConversationTurn, to messages: inout [ChatMessage]) {
        switch entry.role {
        case .caller: messages.append(ChatMessage(.user, entry.text))
        case .assistant: messages.append(ChatMessage(.assistant, entry.text))
        case .summary: messages.append(ChatMessage(.system, "Earlier in this call: \(entry.text)"))
        case .tool: if let use = entry.tool { add(use, to: &messages) }
        }
    }

    private static func add(_ use: ToolUse, to messages: inout [ChatMessage]) {
        var call = use.call
        call.arguments = object(call.arguments)
        if let last = messages.last, last.role == .assistant, last.call == nil {
            messages[messages.count - 1].call = call
        } else {
            messages.append(ChatMessage(.assistant, nil, call: call))
        }
        messages.append(ChatMessage(.tool, told(use.outcome), answering: call.id))
    }

    /// Strict servers refuse a whole request for arguments that are no object.
    private static func object(_ arguments: String) -> String {
        guard case .object? = try? JSONValue(parsing: arguments) else { return "{}" }
        return arguments
    }

    private static func told(_ outcome: ToolOutcome?) -> String {
        guard let outcome else { return "still running" }
        switch outcome.status {
        case .done: return outcome.text
        case .failed: return "failed: \(outcome.text)"
        case .invalid: return "invalid: \(outcome.text)"
        case .timedOut: return "timed out: \(outcome.text)"
        case .cancelled: return "cancelled: \(outcome.text)"
        case .unknown: return "outcome unknown: \(outcome.text)"
        }
    }
}

extension ToolDeclaration {
    /// The tool as chat models are told of it.
    var json: JSONValue {
        let function: JSONValue = .object(["name": .string(name), "description": .string(description), "parameters": parameters])
        return .object(["type": .string("function"), "function": function])
    }
}
