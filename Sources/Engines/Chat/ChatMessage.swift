import Conversation

/// A message as chat models take it.
struct ChatMessage: Sendable, Equatable {
    /// Whose message it is.
    enum Role: String, Sendable {
        case system, user, assistant, tool
    }

    /// Whose message it is.
    var role: Role
    /// The words; nil for an assistant that only calls a tool.
    var content: String?
    /// The tool that an assistant calls.
    var call: ToolCall?
    /// For a tool's message: the id of the call that it answers.
    var answeredCall: String?

    /// Makes a message.
    init(_ role: Role, _ content: String?, call: ToolCall? = nil, answering answeredCall: String? = nil) {
        self.role = role
        self.content = content
        self.call = call
        self.answeredCall = answeredCall
    }

    /// About how many tokens it takes: one for four bytes, and four for what surrounds it.
    var tokens: Int { ChatMessage.tokens(bytes: (content?.utf8.count ?? 0) + (call.map { $0.name.utf8.count + $0.arguments.utf8.count } ?? 0)) + 4 }

    /// About how many tokens so many bytes take.
    static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }

    /// The message as it is sent.
    var json: JSONValue {
        var members: [String: JSONValue] = ["role": .string(role.rawValue), "content": content.map(JSONValue.string) ?? .null]
        if let call {
            let function: JSONValue = .object(["name": .string(call.name), "arguments": .string(call.arguments)])
            members["tool_calls"] = .array([.object(["id": .string(call.id), "type": .string("function"), "function": function])])
        }
        if let answeredCall { members["tool_call_id"] = .string(answeredCall) }
        return .object(members)
    }
}
