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

    /// Makes an assistant for a call; `dialects` is what all calls know of the endpoints.
    package init(_ configuration: ChatConfiguration, client: ServiceClient, dialects: ChatDialects = ChatDialects()) {
        self.configuration = configuration
        self.client = client
        notes = ChatCallNotes(dialects)
    }

    package func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
        let memory = ChatMemory(configuration)
        let request = ChatRequest(
            tools: configuration.tools,
            temperature: configuration.temperature,
            maxTokens: configuration.maxTokens
        ) { memory.messages(for: conversation, limit: $0) }
        let reply = ChatReply(to: request, ids: ChatCallIDs(in: conversation), configuration: configuration, client: client, notes: notes)
        return AsyncThrowingStream { try await reply.next() }
    }

    package func summary(of conversation: [ConversationTurn]) async throws -> String? {
        guard let request = ChatSummary(budget: configuration.memoryTokens).request(for: conversation) else { return nil }
        let reply = ChatReply(to: request, ids: ChatCallIDs(in: []), configuration: configuration, client: client, notes: notes)
        var words = ""
        while let output = try await reply.next() {
            if case .text(let text) = output { words += text }
        }
        return ChatSummary.cut(words)
    }
}
