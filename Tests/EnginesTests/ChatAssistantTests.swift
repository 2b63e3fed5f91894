import Conversation
import Engines
import Foundation
import TestSupport
import Testing

/// An assistant and the endpoint that it talks with.
@Suite(.timeLimit(.minutes(10))) struct ChatAssistantTests {
    private static let booking = """
        {"type":"object","properties":{"people":{"type":"integer","minimum":1}},"required":["people"]}
        """

    @Test func theRequestIsWhatServersExpect() async throws {
        let tool = try ToolDeclaration(name: "book", description: "Books a table.", parameters: JSONValue(parsing: Self.booking))
        try await ChatFixture.withAssistant(
            { try await $1.sayWell() },
            configure: { configuration in
                configuration.tools = [tool]
                configuration.temperature = 0.5
                configuration.maxTokens = 200
            }
        ) { assistant, endpoint, _ in
            #expect(try await ChatOutcome(of: assistant).outputs == [.text("Good "), .text("day.")])
            let request = try #require(endpoint.requests.first)
            #expect(request.method == "POST" && request.target == "/v1/chat/completions")
            #expect(request.headers["authorization"] == "Bearer \(ChatFixture.key.value)")
            #expect(request.headers["accept"] == "text/event-stream")
            #expect(request.headers["content-type"] == "application/json")
            let expected = """
                {"model":"small","stream":true,"temperature":0.5,"max_tokens":200,
                 "messages":[{"role":"system","content":"You answer the telephone."},{"role":"user","content":"A table for two, please."}],
                 "tools":[{"type":"function","function":{"name":"book","description":"Books a table.","parameters":\(Self.booking)}}]}
                """
            #expect(try JSONValue(parsing: request.body) == JSONValue(parsing: expected))
        }
    }

    @Test func withoutAKeyNoneIsSent() async throws {
        try await ChatFixture.withClient { client in
            try await FakeEndpoint.withEndpoint({ try await $1.sayWell() }) { endpoint in
                let configuration = ChatConfiguration(primary: try ChatEndpoint(baseURL: endpoint.url, model: "m"), systemPrompt: "")
                #expect(try await ChatOutcome(of: ChatAssistant(configuration, client: client)).text == "Good day.")
                let request = try #require(endpoint.requests.first)
                #expect(request.target == "/chat/completions")
                #expect(request.headers["authorization"] == nil)
                #expect(try JSONValue(parsing: request.body)["tools"] == nil)
            }
        }
    }

    @Test(arguments: ["", "127.0.0.1:8080/v1", "ftp://x/v1", "http://", "not an address"])
    func whatIsNoAddressIsRefused(_ url: String) {
        #expect(throws: EngineError.self) { try ChatEndpoint(baseURL: url, model: "m") }
    }

    @Test func aToolIsCalledAndItsOutcomeTold() async throws {
        let handler: FakeEndpoint.Handler = { request, answer in
            try await answer.say()
            if request.body.contains("tool_call_id") {
                try await answer.delta(#"{"content":"It is booked."}"#)
                return try await answer.finish()
            }
            try await answer.delta(#"{"tool_calls":[{"index":0,"id":"call_7","function":{"name":"book","arguments":"{\"people\""}}]}"#)
            try await answer.delta(#"{"tool_calls":[{"index":0,"function":{"arguments":":2}"}}]}"#)
            try await answer.finish("tool_calls")
        }
        try await ChatFixture.withAssistant(handler) { assistant, endpoint, _ in
            let call = ToolCall(id: "call_7", name: "book", arguments: #"{"people":2}"#)
            #expect(try await ChatOutcome(of: assistant).outputs == [.toolCall(call)])
            let use = ConversationTurn(tool: ToolUse(call, outcome: ToolOutcome(.done, "table 4")))
            #expect(try await ChatOutcome(of: assistant, ChatFixture.question + [use]).text == "It is booked.")
            let messages = try JSONValue(parsing: try #require(endpoint.requests.last).body)["messages"]
            let expected = """
                [{"role":"system","content":"You answer the telephone."},{"role":"user","content":"A table for two, please."},
                 {"role":"assistant","content":null,
                  "tool_calls":[{"id":"call_7","type":"function","function":{"name":"book","arguments":"{\\"people\\":2}"}}]},
                 {"role":"tool","tool_call_id":"call_7","content":"table 4"}]
                """
            #expect(try messages == JSONValue(parsing: expected))
        }
    }

    @Test func aServerThatDoesNotStreamWillDo() async throws {
        let body = #"{"choices":[{"message":{"role":"assistant","content":"Good day."},"finish_reason":"stop"}]}"#
        try await ChatFixture.withAssistant({ try await $1.whole(body) }) { assistant, _, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.outputs == [.text("Good day.")])
        }
    }

    @Test func whoeverFinishesIsNotWaitedFor() async throws {
        let clock = StallClock()
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("Yes.")
            try await answer.delta("{}", finish: #""stop""#)
            try await clock.passOn()
        }
        try await ChatFixture.withAssistant(handler, clock: clock) { assistant, _, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error == nil)
            #expect(outcome.outputs == [.text("Yes.")])
        }
    }

    @Test func aConnectionThatDiesAfterTheAnswerIsNoFailure() async throws {
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("Yes.")
            try await answer.chunk("data: [DONE]\n\n")
            throw CancellationError()
        }
        try await ChatFixture.withAssistant(handler) { assistant, _, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error == nil)
            #expect(outcome.outputs == [.text("Yes.")])
        }
    }

    @Test func wordsThatArriveWithTheEndOfTheConnectionAreNotLost() async throws {
        let (closings, closing) = AsyncStream.makeStream(of: Void.self)
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("One ", "two ")
            // Nobody reads while the rest and the end arrive.
            try await answer.delta(#"{"content":"three."}"#, finish: #""stop""#)
            closing.finish()
            throw CancellationError()
        }
        try await ChatFixture.withAssistant(handler) { assistant, _, _ in
            var pieces = assistant.reply(to: ChatFixture.question).makeAsyncIterator()
            var text = ""
            if case .text(let first)? = try await pieces.next() { text += first }
            for await _ in closings {}
            while case .text(let more)? = try await pieces.next() { text += more }
            #expect(text == "One two three.")
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await ChatFixture.withAssistant({ try await $1.sayWell() }) { assistant, endpoint, _ in
            for _ in 0..<3 {
                let outcome = try await ChatOutcome(of: assistant)
                #expect(outcome.text == "Good day.")
            }
            #expect(Set(endpoint.requests.map(\.connection)).count == 1)
        }
    }

    @Test func manyCallersAreAnsweredAtOnce() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let callers = 20
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("Hold on.")
            arrival.yield()
            try await answer.stall()
        }
        try await ChatFixture.withAssistant(handler) { assistant, _, _ in
            await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<callers { group.addTask { _ = try await ChatOutcome(of: assistant) } }
                var count = 0
                for await _ in arrivals {
                    count += 1
                    if count == callers { break }
                }
                group.cancelAll()
                while let result = await group.nextResult() { if case .failure(let error) = result { #expect(error is CancellationError) } }
            }
        }
    }

    /// How a listener leaves.
    enum Leaving: CaseIterable { case stopsListening, isCancelled }

    @Test(arguments: Leaving.allCases)
    func whoeverLeavesClosesTheConnection(_ leaving: Leaving) async throws {
        let (departures, departure) = AsyncStream.makeStream(of: Void.self)
        let handler: FakeEndpoint.Handler = { _, answer in
            defer { departure.yield() }
            try await answer.say("Well, ")
            try await answer.stall()
        }
        try await ChatFixture.withAssistant(handler) { assistant, _, _ in
            await withThrowingTaskGroup(of: Void.self) { group in
                let (words, word) = AsyncStream.makeStream(of: AssistantOutput.self)
                group.addTask {
                    for try await output in assistant.reply(to: ChatFixture.question) {
                        word.yield(output)
                        if leaving == .stopsListening { return }
                    }
                }
                for await output in words {
                    #expect(output == .text("Well, "))
                    break
                }
                if leaving == .isCancelled { group.cancelAll() }
                for await _ in departures { break }
                group.cancelAll()
            }
        }
    }

    @Test func aSummaryIsAskedForInPlainWords() async throws {
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("<think>short</think>", String(repeating: "Ann wants two seats. ", count: 200))
            try await answer.finish()
        }
        try await ChatFixture.withAssistant(handler) { assistant, endpoint, _ in
            let use = ToolUse(ToolCall(id: "a", name: "book", arguments: "{}"), outcome: ToolOutcome(.failed, "full"))
            let part = [ConversationTurn(role: .summary, text: "Ann calls.")] + ChatFixture.question + [ConversationTurn(tool: use)]
            let summary = try #require(try await assistant.summary(of: part))
            #expect(summary.hasPrefix("Ann wants two seats. Ann") && summary.count <= 2_000)
            #expect(summary.last?.isWhitespace == false)
            let messages = try JSONValue(parsing: try #require(endpoint.requests.first).body)["messages"]
            guard case .array(let parts)? = messages else { throw CancellationError() }
            #expect(parts.last?["content"] == .string("Earlier: Ann calls.\nCaller: A table for two, please.\nTool book {}: failed, full"))
            #expect(try await assistant.summary(of: []) == nil)
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test func aSummaryThatFailsIsAnError() async throws {
        try await ChatFixture.withAssistant({ try await $1.whole("no", status: "400 Bad Request") }) { assistant, _, _ in
            _ = await #expect(throws: EngineError.self) { try await assistant.summary(of: ChatFixture.question) }
        }
    }
}
