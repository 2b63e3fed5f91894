package import Conversation

/// An assistant behind any endpoint that speaks OpenAI's chat completions: OpenAI, llama.cpp, Ollama, vLLM and many others.
///
/// A failed attempt is made again, and then with the fallback, while nothing of the answer was given; see ``ChatAttempts``. All of it takes at most
/// ``ChatConfiguration/totalMs`` until something is said. An answer of nothing at all is a failure: the caller would hear silence.
package struct ChatAssistant: Assistant {
    package let providerName = "openai"
    private let configuration: ChatConfiguration
    private let client: ServiceClient

    /// Makes an assistant.
    package init(_ configuration: ChatConfiguration, client: ServiceClient) {
        self.configuration = configuration
        self.client = client
    }

    package func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
        let request = ChatRequest(
            messages: ChatMemory(configuration).messages(for: conversation),
            tools: configuration.tools,
            temperature: configuration.temperature,
            maxTokens: configuration.maxTokens
        )
        let reply = ChatReply(to: request, ids: ChatCallIDs(in: conversation), configuration: configuration, client: client)
        return AsyncThrowingStream { try await reply.next() }
    }

    package func summary(of conversation: [ConversationTurn]) async throws -> String? {
        guard let request = ChatSummary(budget: configuration.memoryTokens).request(for: conversation) else { return nil }
        let reply = ChatReply(to: request, ids: ChatCallIDs(in: []), configuration: configuration, client: client)
        var words = ""
        while let output = try await reply.next() {
            if case .text(let text) = output { words += text }
        }
        return ChatSummary.cut(words)
    }
}
