import Conversation

/// A message as chat models take it.
struct ChatMessage: Sendable, Equatable {
    /// Whose message it is.
    enum Role: String, Sendable {
        case system, user, assistant, tool
    }

    /// Whose message it is.
    var role: Role
    /// The words; nil for an assistant that only calls tools.
    var content: String?
    /// The tools that an assistant calls.
    var calls: [ToolCall] = []
    /// For a tool's message: the id of the call that it answers.
    var answeredCall: String?

    /// Makes a message.
    init(_ role: Role, _ content: String?, calls: [ToolCall] = [], answering answeredCall: String? = nil) {
        self.role = role
        self.content = content
        self.calls = calls
        self.answeredCall = answeredCall
    }

    /// About how many tokens it takes: one for four bytes, and four for what surrounds it.
    var tokens: Int {
        let size = calls.map { $0.name.utf8.count + $0.arguments.utf8.count }.reduce(content?.utf8.count ?? 0, +)
        return ChatMessage.tokens(bytes: size) + 4
    }

    /// About how many tokens so many bytes take.
    static func tokens(bytes: Int) -> Int { (bytes + 3) / 4 }
}

/// Messages in an order that every chat template accepts: one system message, then user and assistant in turn, the user first.
///
/// Tool calls stand in an assistant's message, their results behind it, and an assistant's message behind those. Templates of Mistral, Gemma and
/// Llama 2 refuse anything else.
struct ChatMessages: Sendable, Equatable {
    /// What the user is taken to have said before the assistant's first words.
    static let opening = "(The call begins.)"
    /// What the assistant is taken to have said after a tool's result of which the caller heard nothing.
    static let unheard = "(The caller heard nothing of the answer.)"

    /// The messages so far.
    private(set) var list: [ChatMessage] = []

    /// Adds words of a side.
    mutating func add(_ role: ChatMessage.Role, _ words: String) {
        switch role {
        case .system:
            guard let first = list.first, first.role == .system else { return list.insert(ChatMessage(.system, words), at: 0) }
            list[0].content = [first.content, words].compactMap(\.self).joined(separator: "\n\n")
        case .user, .tool:
            if list.last?.role == .tool { list.append(ChatMessage(.assistant, Self.unheard)) }
            join(.user, words, by: "\n")
        case .assistant:
            open()
            join(.assistant, words, by: " ")
        }
    }

    /// Adds a tool's use: its call and what came of it.
    mutating func add(_ call: ToolCall, result: String) {
        open()
        let answer = ChatMessage(.tool, result, answering: call.id)
        let group = ChatAttachment.group(of: call)
        if let place = list.lastIndex(where: { $0.role != .tool }), list[place].role == .assistant {
            let calls = list[place].calls
            let isSameAnswer = calls.last.map { group != nil && ChatAttachment.group(of: $0) == group } ?? true
            if isSameAnswer {
                list[place].calls.append(call)
                return list.append(answer)
            }
        }
        list.append(ChatMessage(.assistant, nil, calls: [call]))
        list.append(answer)
    }

    /// Without tools: what they did is the user's to tell.
    func withoutTools() -> ChatMessages {
        var plain = ChatMessages()
        var calls: [String: ToolCall] = [:]
        for message in list {
            for call in message.calls { calls[call.id] = call }
            if message.role == .tool, let call = message.answeredCall.flatMap({ calls[$0] }) {
                plain.add(.user, "(The tool \(call.name) was called with \(call.arguments) and answered: \(message.content ?? ""))")
            } else if let words = message.content {
                plain.add(message.role, words)
            }
        }
        return plain
    }

    /// With what the system message says at the beginning of the first user message.
    func withoutSystem() -> ChatMessages {
        guard let first = list.first, first.role == .system else { return self }
        var folded = self
        folded.list.removeFirst()
        guard let user = folded.list.first, user.role == .user else {
            folded.list.insert(ChatMessage(.user, first.content), at: 0)
            return folded
        }
        folded.list[0].content = [first.content, user.content].compactMap(\.self).joined(separator: "\n\n")
        return folded
    }

    /// Shortens what the tools answered, the longest first, until all of it fits into so many tokens.
    mutating func shortenResults(to budget: Int, others: Int) {
        while list.map(\.tokens).reduce(others, +) > budget {
            let results = list.indices.filter { list[$0].role == .tool && (list[$0].content?.count ?? 0) > Self.shortestResult }
            guard let longest = results.max(by: { (list[$0].content?.utf8.count ?? 0) < (list[$1].content?.utf8.count ?? 0) }) else { return }
            let words = list[longest].content ?? ""
            list[longest].content = words.prefix(max(Self.shortestResult / 2, words.count / 2)) + Self.cutMark
        }
    }

    private static let shortestResult = 200
    private static let cutMark = "… (cut off)"

    /// The first message behind the system message is the user's.
    private mutating func open() {
        if list.allSatisfy({ $0.role == .system }) { list.append(ChatMessage(.user, Self.opening)) }
    }

    private mutating func join(_ role: ChatMessage.Role, _ words: String, by separator: String) {
        guard let last = list.last, last.role == role, last.calls.isEmpty else { return list.append(ChatMessage(role, words)) }
        list[list.count - 1].content = [last.content, words].compactMap(\.self).joined(separator: separator)
    }
}
