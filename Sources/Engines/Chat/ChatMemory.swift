import Conversation

/// Trims a call to a token budget, dropping the oldest entries first.
struct ChatMemory: Sendable {
    /// Asks for an answer if the call's last entry is the assistant's own: services refuse a request that ends with it.
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

    /// The messages of a request, in an order that every chat template accepts; see ``ChatMessages``.
    ///
    /// If the call is too long, its oldest entries are left out. Summaries stay, and so does everything from the caller's newest words on: a model
    /// that does not know which tools it just called calls them again. That may be more than the budget.
    ///
    /// - Parameters:
    ///   - conversation: the call so far.
    ///   - limit: the most tokens that the endpoint reads, if it refused more: then long results of tools are shortened, too.
    /// - Returns: the messages.
    func messages(for conversation: [ConversationTurn], limit: Int? = nil) -> ChatMessages {
        let budget = min(budget, limit ?? .max)
        let entries = conversation.filter { $0.role == .tool || !$0.text.allSatisfy(\.isWhitespace) }
        var kept = entries[...]
        var summaries: [ConversationTurn] = []
        let newest = entries.lastIndex { $0.role == .caller } ?? max(0, entries.count - 1)
        var messages = assembled(summaries, kept)
        while tokens(of: messages) > budget, let next = kept.indices.first, next < newest {
            repeat { Self.drop(&kept, keeping: &summaries) } while kept.startIndex < newest && Self.beginsWithTool(kept)
            messages = assembled(summaries, kept)
        }
        if let limit { messages.shortenResults(to: limit, others: toolTokens) }
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

    private func tokens(of messages: ChatMessages) -> Int { messages.list.map(\.tokens).reduce(toolTokens, +) }

    private func assembled(_ summaries: [ConversationTurn], _ entries: ArraySlice<ConversationTurn>) -> ChatMessages {
        var messages = ChatMessages()
        if !systemPrompt.isEmpty { messages.add(.system, systemPrompt) }
        for entry in summaries + entries { Self.add(entry, to: &messages) }
        if messages.list.last?.role == .assistant { messages.add(.user, Self.nudge) }
        return messages
    }

    private static func add(_ entry: ConversationTurn, to messages: inout ChatMessages) {
        switch entry.role {
        case .caller: messages.add(.user, entry.text)
        case .assistant: messages.add(.assistant, entry.text)
        case .summary: messages.add(.system, "Earlier in this call: \(entry.text)")
        case .tool:
            guard let use = entry.tool else { return }
            var call = use.call
            call.arguments = object(call.arguments)
            messages.add(call, result: told(use.outcome))
        }
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
