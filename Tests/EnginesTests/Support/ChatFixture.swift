import AsyncHTTPClient
import Conversation
import Engines
import Synchronization
import TestSupport

/// Chat assistants that talk with endpoints of a test's own.
enum ChatFixture {
    static let key = Secret("sk-test-0123456789abcdef")
    static let otherKey = Secret("sk-fall-0123456789abcdef")

    /// Lends a client for services.
    static func withClient<Value: Sendable>(
        clock: StallClock = StallClock(),
        _ body: (ServiceClient) async throws -> Value
    ) async throws -> Value {
        try await HTTPClient.withHTTPClient(
            eventLoopGroup: ServiceClient.eventLoops,
            configuration: ServiceClient.configuration(connectMs: 60_000)
        ) {
            try await body(ServiceClient($0, clock: clock))
        }
    }

    /// Runs an assistant against an endpoint and, where there is one, a fallback.
    static func withAssistant<Value: Sendable>(
        _ primary: @escaping FakeEndpoint.Handler,
        fallback: FakeEndpoint.Handler? = nil,
        clock: StallClock = StallClock(),
        configure: (inout ChatConfiguration) -> Void = { _ in },
        _ body: (ChatAssistant, _ primary: FakeEndpoint, _ fallback: FakeEndpoint) async throws -> Value
    ) async throws -> Value {
        try await withClient(clock: clock) { client in
            try await FakeEndpoint.withEndpoint(primary) { first in
                try await FakeEndpoint.withEndpoint(fallback ?? { _, answer in try await answer.stall() }) { second in
                    var configuration = ChatConfiguration(
                        primary: try ChatEndpoint(baseURL: "\(first.url)/v1/", key: key, model: "small"),
                        fallback: fallback == nil ? nil : try ChatEndpoint(baseURL: "\(second.url)/v1", key: otherKey, model: "large"),
                        systemPrompt: "You answer the telephone."
                    )
                    // On a clock that stands still, a pause would not end.
                    configuration.retryPauseMs = 0
                    configuration.totalMs = 600_000
                    configuration.firstTokenMs = 600_000
                    configuration.betweenTokensMs = 600_000
                    configure(&configuration)
                    return try await body(ChatAssistant(configuration, client: client), first, second)
                }
            }
        }
    }

    /// A port at which nobody listens.
    static func deadURL() async throws -> String { try await FakeEndpoint.withEndpoint({ _, _ in }) { $0.url } }

    static let question = [ConversationTurn(role: .caller, text: "A table for two, please.")]
}

/// Everything that an assistant gave, and how it ended.
struct ChatOutcome: Sendable {
    var outputs: [AssistantOutput] = []
    var error: EngineError?

    init(of assistant: some Assistant, _ conversation: [ConversationTurn] = ChatFixture.question) async throws {
        do {
            for try await output in assistant.reply(to: conversation) { outputs.append(output) }
        } catch let failure as EngineError {
            error = failure
        }
    }

    /// What was to be said.
    var text: String { outputs.map { if case .text(let text) = $0 { text } else { "" } }.joined() }

    var calls: [ToolCall] { outputs.compactMap { if case .toolCall(let call) = $0 { call } else { nil } } }

    var faults: [String] { outputs.compactMap { if case .fault(let line) = $0 { line } else { nil } } }

    /// Every line that somebody may read.
    var messages: [String] { faults + (error.map { ["\($0)"] } ?? []) }
}

/// Counts what happens.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// The next number, from 0.
    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}

extension FakeEndpoint.Answer {
    /// An event with a piece of the answer.
    func delta(_ delta: String, finish: String = "null") async throws {
        try await chunk(
            #"data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"# + "\n\n"
        )
    }

    /// The head of a stream, and so many words.
    func say(_ words: String...) async throws {
        try await begin(type: "text/event-stream")
        try await delta(#"{"role":"assistant","content":""}"#)
        for word in words { try await delta(#"{"content":"\#(word)"}"#) }
    }

    /// A stream's proper end.
    func finish(_ reason: String = "stop") async throws {
        try await delta("{}", finish: #""\#(reason)""#)
        try await chunk(#"data: {"id":"c","choices":[],"usage":{"total_tokens":3}}"# + "\n\ndata: [DONE]\n\n")
        try await end()
    }

    /// Comments, and nothing else, while so much time passes.
    func keepAlive(_ ms: Int, on clock: StallClock) async throws {
        for _ in 0..<10 {
            try await chunk(": ping\n\n")
            try await ContinuousClock().sleep(for: .milliseconds(5))
            clock.pass(ms / 10)
        }
    }

    /// A whole good answer.
    func sayWell() async throws {
        try await say("Good ", "day.")
        try await finish()
    }
}
