import NIOCore
import NIOHTTP1

/// A question to a model: the same for every endpoint that is asked.
struct ChatRequest: Sendable {
    /// What the model is told.
    var messages: [ChatMessage]
    /// What it may call.
    var tools: [ToolDeclaration] = []
    /// How freely it chooses its words.
    var temperature: Double?
    /// The most tokens of its answer.
    var maxTokens: Int?

    /// The request for an endpoint.
    func request(to endpoint: ChatEndpoint) throws -> ServiceRequest {
        var request = ServiceRequest(url: endpoint.url)
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Accept": "text/event-stream", "User-Agent": "AgentOS"]
        if let key = endpoint.key { request.headers.add(name: "Authorization", value: "Bearer \(key.value)") }
        request.body = .bytes(ByteBuffer(bytes: try body(for: endpoint).data()))
        return request
    }

    private func body(for endpoint: ChatEndpoint) -> JSONValue {
        var members: [String: JSONValue] = [
            "model": .string(endpoint.model), "stream": .bool(true), "messages": .array(messages.map(\.json)),
        ]
        if let temperature { members["temperature"] = .real(temperature) }
        if let maxTokens { members["max_tokens"] = .number(maxTokens) }
        if !tools.isEmpty { members["tools"] = .array(tools.map(\.json)) }
        return .object(members)
    }
}
