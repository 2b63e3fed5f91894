/// How an assistant asks its model.
package struct ChatConfiguration: Sendable {
    /// The endpoint that is asked first.
    package var primary: ChatEndpoint
    /// The endpoint that is asked where the first one fails.
    package var fallback: ChatEndpoint?
    /// What the model is told before every call.
    package var systemPrompt: String
    /// How freely the model chooses its words; nil leaves it to the server.
    package var temperature: Double?
    /// The most tokens of an answer; nil leaves it to the server.
    package var maxTokens: Int?
    /// The tools that the model may call.
    package var tools: [ToolDeclaration]
    /// How much of a call the model is told, in tokens, the prompt and the tools included.
    package var memoryTokens = 6_000
    /// How long an attempt may take to bring its first token, in milliseconds.
    package var firstTokenMs = 6_000
    /// How long the model may then pause, in milliseconds.
    package var betweenTokensMs = 4_000
    /// How long all attempts together may take to bring something to say, in milliseconds.
    package var totalMs = 12_000
    /// How often the first endpoint is asked again before the other one is.
    package var retries = 1
    /// The pause before that where a server was busy or could not be reached and names none itself, in milliseconds.
    package var retryPauseMs = 200

    /// The keys, which no message may show.
    var secrets: [Secret] { [primary.key, fallback?.key].compactMap(\.self) }

    /// Makes a configuration with the usual limits.
    package init(
        primary: ChatEndpoint,
        fallback: ChatEndpoint? = nil,
        systemPrompt: String,
        temperature: Double? = nil,
        maxTokens: Int? = nil,
        tools: [ToolDeclaration] = []
    ) {
        self.primary = primary
        self.fallback = fallback
        self.systemPrompt = systemPrompt
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.tools = tools
    }
}
