import Conversation
import Synchronization
import TestSupport
import Testing

@testable import Engines

/// Endpoints that refuse a form of the request, and what the caller gets of them.
@Suite(.timeLimit(.minutes(10))) struct ChatDialectTests {
    /// What an endpoint refuses, in the words of some service.
    enum Quirk: String, CaseIterable, CustomTestStringConvertible {
        case reasoningModel, azure, noLimitAtAll, limitTooLarge, temperature, forbiddenExtra, noSystem, firstRole, alternatingWithoutSystem
        case noTools, noToolChoice, noStream, contentMustBeText, contentMustNotBeEmpty, longIDs, idPattern, unknownReason, onlyBare, jinja
        case inStream

        var testDescription: String { rawValue }

        private static func object(_ message: String, param: String? = nil, code: String? = nil) -> String {
            let error: [String: JSONValue] = [
                "message": .string(message), "param": param.map(JSONValue.string) ?? .null, "code": code.map(JSONValue.string) ?? .null,
            ]
            return (try? JSONValue.object(["error": .object(error)]).text()) ?? ""
        }

        /// What the endpoint answers to a request that it refuses; nil if it accepts the request.
        func refusal(of request: JSONValue) -> (status: String, body: String)? {
            let messages = request["messages"]?.elements ?? []
            let calls = messages.flatMap { $0["tool_calls"]?.elements ?? [] }
            let bare = messages.first { $0["tool_calls"] != nil }
            let ids = calls.compactMap { $0["id"]?.string }
            func refuse(_ condition: Bool, _ body: String, _ status: String = "400 Bad Request") -> (String, String)? {
                condition ? (status, body) : nil
            }
            switch self {
            case .reasoningModel:
                return refuse(
                    request["max_tokens"] != nil,
                    Self.object(
                        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                        param: "max_tokens"
                    )
                ) ?? refuse(request["temperature"] != nil, Self.object("Unsupported value: 'temperature' does not support 0.5 with this model."))
            case .azure:
                return refuse(request["max_tokens"] != nil, Self.object("Unrecognized request argument supplied: max_tokens"))
            case .noLimitAtAll:
                let isLimited = request["max_tokens"] != nil || request["max_completion_tokens"] != nil
                let name = request["max_tokens"] != nil ? "max_tokens" : "max_completion_tokens"
                return refuse(isLimited, #"{"message":"Unknown field: \#(name)"}"#)
            case .limitTooLarge:
                return refuse(
                    request["max_tokens"] != nil,
                    Self.object("max_tokens is too large: 200. This model supports at most 100 completion tokens.", param: "max_tokens")
                )
            case .temperature: return refuse(request["temperature"] != nil, #"{"type":"error","error":{"message":"`temperature` is deprecated"}}"#)
            case .forbiddenExtra:
                let body = #"{"detail":[{"type":"extra_forbidden","loc":["body","max_tokens"],"msg":"Extra inputs are not permitted","input":200}]}"#
                return refuse(request["max_tokens"] != nil, body, "422 Unprocessable Entity")
            case .noSystem: return refuse(messages.first?["role"] == .string("system"), Self.object("System role not supported"))
            case .firstRole:
                let message = "Unsupported value: 'messages[0].role' does not support 'system' with this model."
                return refuse(messages.first?["role"] == .string("system"), Self.object(message, param: "messages[0].role"))
            case .alternatingWithoutSystem:
                return refuse(
                    messages.first?["role"] != .string("user"),
                    #"{"object":"error","message":"Conversation roles must alternate user/assistant/user/assistant/...","code":400}"#
                )
            case .noTools: return refuse(request["tools"] != nil, Self.object("registry/small:latest does not support tools"))
            case .noToolChoice:
                let message = "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"
                return refuse(request["tools"] != nil, #"{"object":"error","message":\#((try? JSONValue.string(message).text()) ?? "")}"#)
            case .noStream: return refuse(request["stream"] == .bool(true), Self.object("Streaming is not supported for this model", param: "stream"))
            case .contentMustBeText:
                return refuse(
                    bare.map { $0["content"]?.string == nil } ?? false,
                    #"{"detail":[{"loc":["body","messages",2,"content"],"msg":"none is not an allowed value"}]}"#,
                    "422 Unprocessable Entity"
                )
            case .contentMustNotBeEmpty:
                return refuse(
                    bare.map { $0["content"] == .null || $0["content"] == .string("") } ?? false,
                    Self.object("messages.2.content: text content must be non-empty")
                )
            case .longIDs:
                return refuse(
                    ids.contains { $0.count > 40 },
                    Self.object("Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40.")
                )
            case .idPattern:
                return refuse(
                    ids.contains { $0.count != 9 },
                    #"{"object":"error","message":"Tool call id was x but must be a-z, A-Z, 0-9, with a length of 9."}"#
                )
            case .unknownReason: return refuse(request["temperature"] != nil, "Bad Request")
            case .onlyBare:
                return refuse(request["tools"] != nil || messages.contains { $0["role"] == .string("system") }, #"{"error":"invalid_request"}"#)
            case .jinja:
                return refuse(
                    messages.first?["role"] == .string("system"),
                    Self.object("Jinja Exception: System role not supported"),
                    "500 Internal Server Error"
                )
            case .inStream:
                return refuse(request["temperature"] != nil, Self.object("Unsupported parameter: temperature", code: "400"), "200 OK")
            }
        }
    }

    private static let toolUse = ConversationTurn(
        tool: ToolUse(
            ToolCall(id: "call_" + String(repeating: "x", count: 50), name: "book", arguments: "{}"),
            outcome: ToolOutcome(.done, "Table four is booked.")
        )
    )

    static func withEndpoint(
        _ refuse: @escaping @Sendable (JSONValue) -> (status: String, body: String)?,
        configure: (inout ChatConfiguration) -> Void = { _ in },
        answer: @escaping FakeEndpoint.Handler = { try await $1.sayWell() },
        _ body: (ChatAssistant, FakeEndpoint) async throws -> Void
    ) async throws {
        let tool = try ToolDeclaration(name: "book", description: "Books a table.", parameters: .object([:]))
        let handler: FakeEndpoint.Handler = { request, response in
            let question = try JSONValue(parsing: request.body)
            if let (status, body) = refuse(question) { return try await response.whole(body, status: status) }
            if question["stream"] == .bool(false) {
                return try await response.whole(#"{"choices":[{"message":{"content":"Good day."},"finish_reason":"stop"}]}"#)
            }
            try await answer(request, response)
        }
        try await ChatFixture.withAssistant(
            handler,
            configure: { configuration in
                configuration.tools = [tool]
                configuration.temperature = 0.5
                configuration.maxTokens = 200
                configure(&configuration)
            }
        ) { assistant, endpoint, _ in try await body(assistant, endpoint) }
    }

    @Test(arguments: Quirk.allCases)
    func aRefusedFormCostsOneTurnNothingAndIsNotSentAgain(_ quirk: Quirk) async throws {
        try await Self.withEndpoint({ quirk.refusal(of: $0) }) { assistant, endpoint in
            let conversation = ChatFixture.question + [Self.toolUse]
            let first = try await ChatOutcome(of: assistant, conversation)
            #expect(first.error == nil)
            #expect(first.text == "Good day.")
            #expect(first.faults.count == 1 && first.faults.first?.contains("asked again") == true, "\(first.faults)")
            let count = endpoint.requests.count
            let second = try await ChatOutcome(of: assistant, conversation)
            #expect(second.outputs.filter { $0 != .text("Good ") } == [.text("day.")] || second.outputs == [.text("Good day.")])
            #expect(endpoint.requests.count == count + 1)
            // The caller's words and what the tool did are in every request.
            for request in endpoint.requests {
                #expect(request.body.contains("A table for two, please.") && request.body.contains("Table four is booked."))
            }
        }
    }

    @Test(arguments: [Quirk.reasoningModel, .temperature, .noSystem, .noStream])
    func aSummaryIsAskedForInTheFormThatIsAccepted(_ quirk: Quirk) async throws {
        try await Self.withEndpoint({ quirk.refusal(of: $0) }) { assistant, _ in
            let summary = try await assistant.summary(of: ChatFixture.question)
            #expect(summary == "Good day.")
        }
    }

    @Test func whatOneCallLearnsAllCallsKnow() async throws {
        try await ChatFixture.withClient { client in
            let refuse = Quirk.noSystem
            let handler: FakeEndpoint.Handler = { request, answer in
                if let (status, body) = refuse.refusal(of: try JSONValue(parsing: request.body)) {
                    return try await answer.whole(body, status: status)
                }
                try await answer.sayWell()
            }
            try await FakeEndpoint.withEndpoint(handler) { endpoint in
                let configuration = ChatConfiguration(primary: try ChatEndpoint(baseURL: endpoint.url, model: "m"), systemPrompt: "Be brief.")
                let dialects = ChatDialects()
                for _ in 0..<3 {
                    let assistant = ChatAssistant(configuration, client: client, dialects: dialects)
                    let outcome = try await ChatOutcome(of: assistant)
                    #expect(outcome.text == "Good day.")
                }
                #expect(endpoint.requests.count == 4)
                let messages = try JSONValue(parsing: try #require(endpoint.requests.last).body)["messages"]
                #expect(try messages == JSONValue(parsing: #"[{"role":"user","content":"Be brief.\n\nA table for two, please."}]"#))
            }
        }
    }

    @Test func aRefusalThatNothingHelpsAgainstStaysOne() async throws {
        try await Self.withEndpoint({ _ in ("400 Bad Request", #"{"error":{"message":"content policy violation"}}"#) }) { assistant, endpoint in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error?.message.contains("content policy violation") == true)
            #expect(endpoint.requests.count <= 4)
        }
    }

    @Test(arguments: [
        (
            #"{"error":{"message":"This model's maximum context length is 1000 tokens. However, you requested N tokens.","code":"context_length_exceeded"}}"#,
            "400"
        ),
        (
            #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_ctx":1000}}"#,
            "400"
        ),
        (#"{"type":"error","error":{"message":"prompt is too long: N tokens > 1000 maximum"}}"#, "400"),
        (#"{"detail":"Input validation error: `inputs` must have less than 1000 tokens. Given: N"}"#, "422"),
        ("Request Entity Too Large", "413"), (#"{"error":"too many tokens"}"#, "500"),
        (#"{"error":{"message":"Please reduce the length of the messages.","code":400}}"#, "200"),
    ])
    func aConversationThatIsTooLongIsTrimmedAndAskedAgainAtOnce(_ body: String, _ status: String) async throws {
        let refuse: @Sendable (JSONValue) -> (status: String, body: String)? = { request in
            let size = ((try? request["messages"]?.text().utf8.count) ?? 0) / 4
            return size > 800
                ? ("\(status) No", body.replacing("N tokens", with: "\(size + 200) tokens").replacing("Given: N", with: "Given: \(size)")) : nil
        }
        try await Self.withEndpoint(refuse) { assistant, endpoint in
            let long = (0..<40).flatMap { number in
                [
                    ConversationTurn(role: .caller, text: "Question \(number) " + String(repeating: "word ", count: 40)),
                    ConversationTurn(role: .assistant, text: "Answer \(number) " + String(repeating: "word ", count: 40)),
                ]
            }
            let result = ConversationTurn(
                tool: ToolUse(ToolCall(id: "a", name: "book", arguments: "{}"), outcome: ToolOutcome(.done, String(repeating: "free ", count: 1_000)))
            )
            let conversation = long + ChatFixture.question + [result]
            let first = try await ChatOutcome(of: assistant, conversation)
            #expect(first.text == "Good day.", "\(first.messages)")
            let count = endpoint.requests.count
            #expect(count <= 6)
            let last = try #require(endpoint.requests.last).body
            #expect(last.contains("A table for two, please.") && last.contains("free free"))
            let second = try await ChatOutcome(of: assistant, conversation)
            #expect(second.text == "Good day." && second.faults.isEmpty)
            #expect(endpoint.requests.count == count + 1)
        }
    }

    @Test func aFailedToolUseIsTriedAgain() async throws {
        let count = Counter()
        let body = #"{"error":{"message":"Failed to call a function.","code":"tool_use_failed","failed_generation":"<function=temperature>"}}"#
        try await Self.withEndpoint({ _ in count.next() == 0 ? ("400 Bad Request", body) : nil }) { assistant, endpoint in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.text == "Good day.")
            #expect(endpoint.requests.map(\.body)[0] == endpoint.requests.map(\.body)[1])
        }
    }

    @Test(arguments: ["Retry-After: 2\r\n", "retry-after-ms: 2000\r\n", "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 2s\r\n"])
    func aServiceThatAsksForTimeGetsIt(_ headers: String) async throws {
        let count = Counter()
        let clock = StallClock()
        let handler: FakeEndpoint.Handler = { _, answer in
            guard count.next() > 0 else { return try await answer.whole("{}", status: "429 Too Many Requests", headers: headers) }
            try await answer.sayWell()
        }
        try await ChatFixture.withAssistant(handler, clock: clock) { assistant, endpoint, _ in
            try await withThrowingTaskGroup(of: ChatOutcome?.self) { group in
                group.addTask { try await ChatOutcome(of: assistant) }
                group.addTask {
                    try await clock.passOn()
                    return nil
                }
                let outcome = try await group.next() ?? nil
                group.cancelAll()
                #expect(outcome?.text == "Good day.")
            }
            #expect(clock.nowMs >= 2_000 && endpoint.requests.count == 2)
        }
    }

    @Test(arguments: ["insufficient_quota", "You exceeded your current quota, please check your plan and billing details."])
    func anAccountThatIsUsedUpIsNotWaitedFor(_ words: String) async throws {
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.whole(#"{"error":{"message":"\#(words)"}}"#, status: "429 Too Many Requests", headers: "Retry-After: 1\r\n")
        }
        try await ChatFixture.withAssistant(handler) { assistant, endpoint, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.error != nil && endpoint.requests.count == 1)
        }
    }

    @Test func whatAServiceAttachedGoesBackToItAndToNoOther() async throws {
        let handler: FakeEndpoint.Handler = { request, answer in
            guard request.body.contains("tool_call_id") else {
                try await answer.say()
                try await answer.delta(#"{"reasoning_content":"Hm."}"#)
                try await answer.delta(
                    #"{"tool_calls":[{"index":0,"id":"a1","extra_content":{"s":"AB"},"function":{"name":"book","arguments":"{}"}}]}"#
                )
                return try await answer.finish("tool_calls")
            }
            try await answer.whole("{}", status: "401 Unauthorized")
        }
        try await ChatFixture.withAssistant(handler, fallback: { try await $1.sayWell() }) { assistant, first, second in
            let call = try #require(try await ChatOutcome(of: assistant).calls.first)
            let use = ConversationTurn(tool: ToolUse(call, outcome: ToolOutcome(.done, "booked")))
            let outcome = try await ChatOutcome(of: assistant, ChatFixture.question + [use])
            #expect(outcome.text == "Good day.")
            let messages = try JSONValue(parsing: try #require(first.requests.last).body)["messages"]?.elements ?? []
            let expected = """
                {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[{"id":"a1","type":"function","extra_content":{"s":"AB"},
                 "function":{"name":"book","arguments":"{}"}}]}
                """
            #expect(try messages.contains(JSONValue(parsing: expected)), "\(messages)")
            let other = try #require(second.requests.last).body
            #expect(!other.contains("reasoning_content") && !other.contains("extra_content"))
        }
    }

    @Test func whatAServiceDoesNotTakeBackIsLeftOut() async throws {
        let refuse: @Sendable (JSONValue) -> (status: String, body: String)? = { request in
            let isEchoed = request["messages"]?.elements?.contains { $0["reasoning"] != nil } == true
            return isEchoed ? ("400 Bad Request", #"{"error":{"message":"'messages.2' : property 'reasoning' is unsupported"}}"#) : nil
        }
        let answer: FakeEndpoint.Handler = { request, answer in
            guard !request.body.contains("tool_call_id") else { return try await answer.sayWell() }
            try await answer.say()
            try await answer.delta(#"{"reasoning":"Hm.","tool_calls":[{"id":"a","sig":"S","function":{"name":"book","arguments":"{}"}}]}"#)
            try await answer.finish("tool_calls")
        }
        try await Self.withEndpoint(refuse, answer: answer) { assistant, endpoint in
            let call = try #require(try await ChatOutcome(of: assistant).calls.first)
            let use = ConversationTurn(tool: ToolUse(call, outcome: ToolOutcome(.done, "booked")))
            let outcome = try await ChatOutcome(of: assistant, ChatFixture.question + [use])
            #expect(outcome.text == "Good day.")
            #expect(endpoint.requests.last?.body.contains(#""sig":"S""#) == true)
        }
    }

    @Test func whatIsAttachedToWordsGoesBackWithThem() async throws {
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("Good day.")
            try await answer.delta(#"{"extra_content":{"s":"XY"}}"#)
            try await answer.finish()
        }
        try await ChatFixture.withAssistant(handler) { assistant, endpoint, _ in
            _ = try await ChatOutcome(of: assistant)
            let more = [ConversationTurn(role: .assistant, text: "Good day."), ConversationTurn(role: .caller, text: "And then?")]
            _ = try await ChatOutcome(of: assistant, ChatFixture.question + more)
            #expect(endpoint.requests.last?.body.contains(#""extra_content":{"s":"XY"}"#) == true)
        }
    }

    @Test func aModelWhoseTemplateOpensTheThoughtIsWaitedForTheNextTime() async throws {
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.say("Hm, ", "well.", "</think>", "Good ", "day.")
            try await answer.finish()
        }
        try await ChatFixture.withAssistant(handler) { assistant, _, _ in
            _ = try await ChatOutcome(of: assistant)
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.text == "Good day.")
        }
        try await ChatFixture.withAssistant(
            handler,
            configure: { configuration in
                if let other = try? ChatEndpoint(baseURL: configuration.primary.url.replacing("/chat/completions", with: ""), model: "DeepSeek-R1") {
                    configuration.primary = other
                }
            }
        ) { assistant, _, _ in
            let outcome = try await ChatOutcome(of: assistant)
            #expect(outcome.text == "Good day.")
        }
    }

    @Test(
        arguments: [("Please try again in 1.5s.", 1_500), ("try again in 20ms", 20), ("Try again in 3 seconds", 3_000), ("busy", nil)]
            as [(String, Int?)]
    )
    func theWaitInWordsIsRead(_ words: String, _ ms: Int?) {
        #expect(ChatRefusal(status: 429, body: words).waitMs == ms)
    }
}
