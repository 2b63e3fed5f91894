import Conversation
import NIOCore
import NIOHTTP1

/// A question to a model, which each endpoint is asked in the form that it accepts.
struct ChatRequest: Sendable {
    /// What it may call.
    var tools: [ToolDeclaration] = []
    /// How freely it chooses its words.
    var temperature: Double?
    /// The most tokens of its answer.
    var maxTokens: Int?
    /// What the model is told, within the tokens that an endpoint reads.
    let messages: @Sendable (_ limit: Int?) -> ChatMessages

    /// A request as an endpoint got it, for reading its refusal.
    struct Sent: Sendable {
        let body: JSONValue
        /// About how many tokens it takes.
        let tokens: Int
        let hasTemperature: Bool
        let hasTools: Bool
        let hasSystem: Bool
        /// The limit of tokens that it names.
        let maxTokens: Int?
        /// Whether there are tool calls in it, and whether some are without words.
        let hasCalls: Bool
        let hasBareCalls: Bool
        /// The names of members that the service had attached.
        let attached: Set<String>
        /// What was tried before for the same answer.
        var tried: Set<ChatDialect.Change> = []
        var triedContents: Set<ChatDialect.EmptyContent> = []
    }

    /// Puts the question into the form that an endpoint accepts.
    func sent(to endpoint: ChatEndpoint, in dialect: ChatDialect, notes: ChatCallNotes) -> Sent {
        var messages = messages(dialect.maximumTokens)
        if !dialect.acceptsTools { messages = messages.withoutTools() }
        if dialect.system == .user { messages = messages.withoutSystem() }
        let writer = ChatMessageWriter(endpoint: endpoint, dialect: dialect, notes: notes)
        let written = messages.list.map(writer.json)
        var members: [String: JSONValue] = [
            "model": .string(endpoint.model), "stream": .bool(dialect.streams), "messages": .array(written.map(\.json)),
        ]
        let temperature = dialect.acceptsTemperature ? temperature : nil
        if let temperature { members["temperature"] = .real(temperature) }
        if dialect.streams, dialect.asksForUsage { members["stream_options"] = .object(["include_usage": .bool(true)]) }
        let maxTokens = dialect.length == .none ? nil : maxTokens
        if let maxTokens { members[dialect.length == .maxTokens ? "max_tokens" : "max_completion_tokens"] = .number(maxTokens) }
        let tools = dialect.acceptsTools ? tools : []
        if !tools.isEmpty { members["tools"] = .array(tools.map(\.json)) }
        let toolBytes = tools.map { (try? $0.json.data().count) ?? 0 }.reduce(0, +)
        return Sent(
            body: .object(members),
            tokens: messages.list.map(\.tokens).reduce(ChatMessage.tokens(bytes: toolBytes), +),
            hasTemperature: temperature != nil,
            hasTools: !tools.isEmpty,
            hasSystem: messages.list.first?.role == .system,
            maxTokens: maxTokens,
            hasCalls: messages.list.contains { !$0.calls.isEmpty },
            hasBareCalls: messages.list.contains { !$0.calls.isEmpty && $0.content == nil },
            attached: written.reduce(into: []) { $0.formUnion($1.attached) }
        )
    }
}

extension ChatEndpoint {
    /// The HTTP request that carries a question.
    func request(with body: JSONValue) throws -> ServiceRequest {
        var request = ServiceRequest(url: url)
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Accept": "text/event-stream", "User-Agent": "AgentOS"]
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key.value)") }
        request.body = .bytes(ByteBuffer(bytes: try body.data()))
        return request
    }
}

/// Writes messages as an endpoint accepts them.
private struct ChatMessageWriter {
    let endpoint: ChatEndpoint
    let dialect: ChatDialect
    let notes: ChatCallNotes

    /// A message, and the names of the members in it that the service had attached.
    func json(_ message: ChatMessage) -> (json: JSONValue, attached: Set<String>) {
        var members: [String: JSONValue] = ["role": .string(role(of: message))]
        switch (message.content, dialect.emptyContent) {
        case (let words?, _): members["content"] = .string(words)
        case (nil, .null): members["content"] = .null
        case (nil, .empty): members["content"] = .string("")
        case (nil, .absent): break
        }
        if let answered = message.answeredCall { members["tool_call_id"] = .string(id(answered)) }
        var attached: Set<String> = []
        if message.role == .assistant { attach(extra(of: message), to: &members, noting: &attached) }
        if !message.calls.isEmpty {
            var calls: [JSONValue] = []
            for call in message.calls { calls.append(json(call, noting: &attached)) }
            members["tool_calls"] = .array(calls)
        }
        return (.object(members), attached)
    }

    private func role(of message: ChatMessage) -> String {
        message.role == .system && dialect.system == .developer ? "developer" : message.role.rawValue
    }

    private func json(_ call: ToolCall, noting attached: inout Set<String>) -> JSONValue {
        let attachment = attachment(of: call)
        var function: [String: JSONValue] = ["name": .string(call.name), "arguments": .string(call.arguments)]
        attach(attachment?.function ?? [:], to: &function, noting: &attached)
        var members: [String: JSONValue] = ["id": .string(id(call.id)), "type": .string("function"), "function": .object(function)]
        attach(attachment?.call ?? [:], to: &members, noting: &attached)
        return .object(members)
    }

    private func extra(of message: ChatMessage) -> [String: JSONValue] {
        if message.calls.isEmpty { return message.content.map { notes.members(of: $0, from: endpoint) } ?? [:] }
        return message.calls.lazy.compactMap(attachment).map(\.message).first { !$0.isEmpty } ?? [:]
    }

    /// Only the endpoint that attached something gets it back.
    private func attachment(of call: ToolCall) -> ChatAttachment? {
        ChatAttachment(of: call).flatMap { $0.origin == endpoint.origin ? $0 : nil }
    }

    private func attach(_ extra: [String: JSONValue], to members: inout [String: JSONValue], noting attached: inout Set<String>) {
        guard dialect.echoesAttachments else { return }
        for (name, value) in extra where members[name] == nil && !dialect.unwanted.contains(name) {
            members[name] = value
            attached.insert(name)
        }
    }

    private func id(_ given: String) -> String {
        guard dialect.ids == .short else { return given }
        guard given.utf8.count != 9 || !given.utf8.allSatisfy({ $0 < 0x80 && Character(UnicodeScalar($0)).isLetterOrDigit }) else { return given }
        // FNV-1a: the same id becomes the same nine letters and digits in every request.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in given.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let text = String(hash, radix: 36)
        return String((String(repeating: "0", count: 9) + text).suffix(9))
    }
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
