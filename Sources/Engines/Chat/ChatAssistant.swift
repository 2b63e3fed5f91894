package import Conversation

/// An assistant behind any endpoint that speaks OpenAI's chat completions: OpenAI, llama.cpp, Ollama, vLLM and many others.
///
/// A failed attempt is made again, and then with the fallback, as long as nothing of the answer was given; see ``ChatAttempts``. All attempts take at
/// most ``ChatConfiguration/totalMs`` until something is said. If an endpoint refuses the form of a request, it is asked in another one, which is
/// remembered; see ``ChatDialect``. An answer of nothing at all is a failure: the caller would hear silence.
package struct ChatAssistant: Assistant {
    package let providerName = "openai"
    private let configuration: ChatConfiguration
    private let client: ServiceClient
    private let notes: ChatCallNotes
    private let count: @Sendable (ChatUsage) -> Void

    /// Makes an assistant for a call.
    ///
    /// - Parameters:
    ///   - configuration: whom it asks, and how.
    ///   - client: carries the requests.
    ///   - dialects: what all calls know of the endpoints.
    ///   - count: takes the tokens of each answer, where the service counts them and the answer was read to its end.
    package init(
        _ configuration: ChatConfiguration,
        client: ServiceClient,
        dialects: ChatDialects = ChatDialects(),
        count: @escaping @Sendable (ChatUsage) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.client = client
        notes = ChatCallNotes(dialects)
        self.count = count
    }

    package func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
        let memory = ChatMemory(configuration)
        let request = ChatRequest(
            tools: configuration.tools,
            temperature: configuration.temperature,
            maxTokens: configuration.maxTokens
        ) { memory.messages(for: conversation, limit: $0) }
        let reply = reply(to: request, ids: ChatCallIDs(in: conversation))
        return AsyncThrowingStream { try await reply.next() }
    }

    package func summary(of conversation: [ConversationTurn]) async throws -> String? {
        guard let request = ChatSummary(budget: configuration.memoryTokens).request(for: conversation) else { return nil }
        let reply = reply(to: request, ids: ChatCallIDs(in: []))
        var words = ""
        while let output = try await reply.next() {
            if case .text(let text) = output { words += text }
        }
        return ChatSummary.cut(words)
    }

    private func reply(to request: ChatRequest, ids: ChatCallIDs) -> ChatReply {
        ChatReply(to: request, ids: ids, configuration: configuration, client: client, notes: notes, count: count)
    }
}
