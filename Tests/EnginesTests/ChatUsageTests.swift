import Conversation
import Synchronization
import TestSupport
import Testing

@testable import Engines

/// The tokens that services count.
@Suite(.timeLimit(.minutes(10))) struct ChatUsageTests {
    /// What is counted of an answer whose stream ends with these events.
    private func usage(of events: String...) async throws -> [ChatUsage] {
        let counted = Mutex<[ChatUsage]>([])
        try await ChatFixture.withClient { client in
            try await FakeEndpoint.withEndpoint { _, answer in
                try await answer.say("Good day.")
                try await answer.delta("{}", finish: #""stop""#)
                for event in events { try await answer.chunk("data: \(event)\n\n") }
                try await answer.chunk("data: [DONE]\n\n")
                try await answer.end()
            } _: { endpoint in
                let configuration = ChatConfiguration(primary: try ChatEndpoint(baseURL: endpoint.url, model: "small"), systemPrompt: "")
                let assistant = ChatAssistant(configuration, client: client) { usage in counted.withLock { $0.append(usage) } }
                #expect(try await ChatOutcome(of: assistant).text == "Good day.")
                #expect(endpoint.requests.allSatisfy { !$0.body.contains("stream_options") }, "a service that nobody knows might refuse it")
            }
        }
        return counted.withLock(\.self)
    }

    @Test(arguments: [
        #"{"choices":[],"usage":{"prompt_tokens":25,"completion_tokens":7,"total_tokens":32}}"#,
        #"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":25,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":0}}}"#,
        #"{"choices":[],"x_groq":{"id":"req_1","usage":{"prompt_tokens":25,"completion_tokens":7}}}"#,
        #"{"choices":[],"usage":null,"x_groq":{"usage":{"prompt_tokens":25,"completion_tokens":7}}}"#,
    ])
    func theTokensOfAnAnswerAreCountedOnce(event: String) async throws {
        let first = #"{"choices":[],"usage":{"prompt_tokens":25,"completion_tokens":1}}"#
        for events in [[event], [first, event]] {
            let counted = try await events.count == 1 ? usage(of: events[0]) : usage(of: events[0], events[1])
            #expect(counted.map(\.prompt) == [25] && counted.map(\.completion) == [7])
        }
    }

    @Test(arguments: [#"{"choices":[]}"#, #"{"choices":[],"usage":{}}"#, #"{"choices":[],"usage":"much"}"#, #"{"choices":[],"usage":null}"#])
    func whatIsNotCountedOrCannotBeReadCostsNothing(event: String) async throws {
        #expect(try await usage(of: event).isEmpty)
    }

    @Test func openAIIsAskedToCountAndOthersAreNotAskedAgainOnceTheyRefuse() throws {
        let request = ChatRequest(maxTokens: 9) { _ in ChatMessages() }
        let endpoint = try ChatEndpoint(baseURL: "https://api.openai.com/v1", model: "small")
        var dialect = ChatDialect(of: endpoint)
        let sent = request.sent(to: endpoint, in: dialect, notes: ChatCallNotes(ChatDialects()))
        #expect(sent.body["stream_options"]?["include_usage"] == .bool(true))
        let refusal = ChatRefusal(status: 400, body: #"{"error":{"message":"Unrecognized request argument supplied: stream_options"}}"#)
        let change = try #require(dialect.change(after: refusal, of: sent))
        dialect.apply(change)
        #expect(dialect.streams && change.words == "asked again without stream_options")
        #expect(request.sent(to: endpoint, in: dialect, notes: ChatCallNotes(ChatDialects())).body["stream_options"] == nil)
    }
}
