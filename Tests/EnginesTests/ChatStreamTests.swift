import Conversation
import TestSupport
import Testing

@testable import Engines

/// What the streams of many servers say.
@Suite struct ChatStreamTests {
    /// Reads a body, cut as given.
    private func read(_ pieces: [[UInt8]], taken: [ConversationTurn] = [], context: ChatAnswerContext = .init()) throws -> [AssistantOutput] {
        let count = Counter()
        var reader = ChatAnswerReader(
            text: ServiceText(hiding: []),
            ids: ChatCallIDs(in: taken) { "made-\(count.next())" },
            context: context
        )
        var outputs: [AssistantOutput] = []
        for piece in pieces {
            let progress = try reader.feed(piece)
            outputs += progress.outputs
            if let failure = progress.failure { throw failure }
        }
        outputs += try reader.end().outputs
        // What came together is remembered as such; the calls themselves are looked at here.
        return outputs.map { output in
            guard case .toolCall(var call) = output else { return output }
            call.attachment = nil
            return .toolCall(call)
        }
    }

    private func read(_ events: String...) throws -> [AssistantOutput] { try read([Array(events.map { "data: \($0)\n\n" }.joined().utf8)]) }

    private func delta(_ delta: String, finish: String = "null") -> String {
        #"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    private func call(_ id: String, _ name: String, _ arguments: String) -> AssistantOutput {
        .toolCall(ToolCall(id: id, name: name, arguments: arguments))
    }

    @Test func openAIsStreamIsRead() throws {
        let outputs = try read(
            #"{"choices":[],"prompt_filter_results":[]}"#,
            delta(#"{"role":"assistant","content":"","refusal":null}"#),
            delta(#"{"content":"Hel"}"#),
            delta(#"{"content":null}"#),
            delta(#"{"content":"lo"}"#),
            delta("{}", finish: #""stop""#),
            #"{"choices":[],"usage":{"total_tokens":9}}"#,
            "[DONE]"
        )
        #expect(outputs == [.text("Hel"), .text("lo")])
    }

    @Test func aStreamMayEndWithoutDoneOrWithoutReason() throws {
        #expect(try read(delta(#"{"content":"Yes"}"#, finish: #""length""#)) == [.text("Yes")])
        #expect(try read(delta(#"{"content":"Yes"}"#), "[DONE]") == [.text("Yes")])
        #expect(try read(delta(#"{"content":"Yes"}"#)) == [.text("Yes")])
    }

    @Test func whatComesAfterTheEndIsNotSaid() throws {
        #expect(try read(delta(#"{"content":"Yes"}"#), "[DONE]", delta(#"{"content":" and no"}"#), "{garbage") == [.text("Yes")])
    }

    @Test func vllmsChoicesMayBeNullAndTGIsMayBeCounted() throws {
        let outputs = try read(
            #"{"choices":[{"index":1,"delta":{"content":"I"}}]}"#,
            #"{"choices":[{"index":2,"delta":{"content":"'m"},"finish_reason":"stop"}]}"#,
            #"{"choices":null,"usage":{}}"#
        )
        #expect(outputs == [.text("I"), .text("'m")])
    }

    @Test func piecesOfACallArePutTogether() throws {
        let outputs = try read(
            delta(
                #"{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"book","arguments":""}}]}"#
            ),
            delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"peo"}}]}"#),
            delta(#"{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"hours","arguments":""}}]}"#),
            delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"ple\":2}"}},{"index":1,"function":{"arguments":"{}"}}]}"#),
            delta("{}", finish: #""tool_calls""#),
            "[DONE]"
        )
        #expect(outputs == [call("call_a", "book", #"{"people":2}"#), call("call_b", "hours", "{}")])
    }

    @Test(arguments: [#""index":0,"#, ""])
    func wholeCallsMayShareTheirNumberOrHaveNone(_ index: String) throws {
        let outputs = try read(
            delta(#"{"content":"","tool_calls":[{\#(index)"id":"call_1","function":{"name":"book","arguments":"{\"people\":2}"}}]}"#),
            delta(
                #"{"content":"","tool_calls":[{\#(index)"id":"call_2","function":{"name":"book","arguments":"{\"people\":3}"}}]}"#,
                finish: #""stop""#
            )
        )
        #expect(outputs == [call("call_1", "book", #"{"people":2}"#), call("call_2", "book", #"{"people":3}"#)])
    }

    @Test(arguments: ["", #""id":"","#, #""id":null,"#])
    func callsWithoutIdsGetTheirOwn(_ id: String) throws {
        let outputs = try read(
            delta(
                #"{"tool_calls":[{\#(id)"function":{"name":"book","arguments":{"people":2}}},{\#(id)"function":{"name":"hours","arguments":"{}"}}]}"#
            ),
            "[DONE]"
        )
        #expect(outputs == [call("made-1", "book", #"{"people":2}"#), call("made-2", "hours", "{}")])
    }

    @Test func equalIdsAreMadeUnique() throws {
        let earlier = ConversationTurn(tool: ToolUse(ToolCall(id: "call_0", name: "book", arguments: "{}")))
        let event = delta(
            #"{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}},{"index":1,"id":"x","function":{"name":"b","arguments":"{}"}}]}"#
        )
        let again = delta(#"{"tool_calls":[{"index":2,"id":"call_0","function":{"name":"c","arguments":"{}"}}]}"#)
        let outputs = try read([Array("data: \(event)\n\ndata: \(again)\n\ndata: [DONE]\n\n".utf8)], taken: [earlier])
        #expect(outputs == [call("x", "a", "{}"), call("made-1", "b", "{}"), call("made-2", "c", "{}")])
    }

    @Test func aNewIdForEveryPieceIsStillOneCall() throws {
        let outputs = try read(
            delta(#"{"tool_calls":[{"index":0,"id":"r1","function":{"name":"book","arguments":"{\"a\""}}]}"#),
            delta(#"{"tool_calls":[{"index":0,"id":"r2","function":{"arguments":":1}"}}]}"#, finish: #""tool_calls""#)
        )
        #expect(outputs == [call("r1", "book", #"{"a":1}"#)])
    }

    @Test func thoughtsAreNotSpoken() throws {
        let outputs = try read(
            delta(#"{"reasoning_content":"Let me see."}"#),
            delta(#"{"content":"<thi"}"#),
            delta(#"{"content":"nk>Hm, "}"#),
            delta(#"{"content":"well</"}"#),
            delta(#"{"content":"think>\n\n"}"#),
            delta(#"{"content":"Yes, 2 <"}"#),
            delta(#"{"content":" 3"}"#),
            delta("{}", finish: #""stop""#)
        )
        #expect(outputs == [.text("Yes, 2 "), .text("< 3")])
    }

    @Test func anAnswerOfNothingIsAFailure() throws {
        #expect(throws: ChatFailure("answered nothing (finish_reason content_filter)")) {
            try read(delta("{}", finish: #""content_filter""#), "[DONE]")
        }
        #expect(throws: ChatFailure("answered nothing")) { try read(delta(#"{"content":"<think>forever"}"#), "[DONE]") }
        #expect(throws: ChatFailure("answered nothing")) { try read([]) }
    }

    @Test func aRefusalIsSaid() throws {
        #expect(try read(delta(#"{"refusal":"I cannot do that."}"#), "[DONE]") == [.text("I cannot do that.")])
    }

    @Test func aWholeAnswerWillDo() throws {
        let body = """
            {"object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"<think>no</think>Yes.",
            "tool_calls":[{"id":"a","type":"function","function":{"name":"book","arguments":"{}"}}]}}]}
            """
        #expect(try read([Array(body.utf8)]) == [.text("Yes."), call("a", "book", "{}")])
        let failure = #expect(throws: ChatFailure.self) { try read([Array(#" {"object":"error","message":"busy"}"#.utf8)]) }
        #expect(failure?.what == "reported an error: busy" && failure?.brief == "an error: busy")
        #expect(throws: ChatFailure.self) { try read([Array(#"{"response":"Yes"}{"response":"."}"#.utf8)]) }
    }

    @Test func anAnswerWithoutEndIsCutOff() throws {
        let word = String(repeating: "blah ", count: 2_000)
        let outputs = try read([Array(Array(repeating: "data: \(delta(#"{"content":"\#(word)"}"#))\n\n", count: 20).joined().utf8)])
        let said = outputs.map { if case .text(let text) = $0 { text.utf8.count } else { 0 } }.reduce(0, +)
        #expect(said == 64 << 10)
        #expect(outputs.last == .fault("chat: the answer was too long and was cut off after 64 KiB"))
    }

    @Test(arguments: 0..<40)
    func cutsMakeNoDifference(_ seed: Int) throws {
        let body = """
            : hello\r\n\r\ndata: \(delta(#"{"role":"assistant","content":""}"#))\r\n\r\ndata: \(delta(#"{"content":"Grüße "}"#))\r\n\r\n\
            data: \(delta(#"{"content":"<think>1 < 2</think>from 😀"}"#))\n\ndata: \(delta(#"{"content":" you"}"#))\n\n\
            data: \(delta(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"book","arguments":"{\"p\":"}}]}"#))\n\n\
            data: \(delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"\"é\"}"}}]}"#, finish: #""tool_calls""#))\n\ndata: [DONE]\n\n
            """
        let bytes = Array(body.utf8)
        let expected: [AssistantOutput] = [.text("Grüße "), .text("from 😀"), .text(" you"), call("a", "book", #"{"p":"é"}"#)]
        var random = SeededRandom(seed: seed)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(Int.random(in: 1...40, using: &random))))
            rest = rest.dropFirst(pieces.last?.count ?? 0)
        }
        #expect(try read(pieces) == expected)
    }

    @Test(arguments: [
        #"{"choices":[{"delta":{"content":" and"#, "{garbage", #"{"choices":[{"delta":{"content":5}}]}"#, "[1", "\u{0}",
    ])
    func anEventThatCannotBeReadIsSkipped(_ event: String) throws {
        #expect(try read(delta(#"{"content":"Yes"}"#), event, delta(#"{"content":"."}"#), "[DONE]") == [.text("Yes"), .text(".")])
        #expect(throws: ChatFailure.self) { try read(event, "[DONE]") }
    }

    @Test(arguments: [
        #"{"choices":[{"delta":{"content":"Yes"},"logprobs":NaN}]}"#,
        #"{"t":-Infinity,"choices":[{"delta":{"content":"Yes"}}],"usage":{"x":Infinity}}"#,
        #"{"choices":[{"delta":{"content":"Yes\ud83d"}}]}"#, "{\"choices\":[{\"delta\":{\"content\":\"Yes\"}}],\"note\":\"a\tb\"}",
        #"{"choices":[{"delta":{"content":"Yes"}}]}"# + "\ndata: " + #"{"choices":[{"delta":{"content":""}}]}"#,
        "{\"choices\":\n  [{\"delta\":\n  {\"content\":\"Yes\"}}]\n}",
    ])
    func wordsBesideWhatIsNoJSONAreKept(_ event: String) throws {
        #expect(try read(event, "[DONE]") == [.text("Yes")])
        #expect(try read(event) == [.text("Yes")])
    }

    @Test func invalidBytesAreLeftOut() throws {
        let bytes = Array("data: {\"choices\":[{\"delta\":{\"content\":\"Yes".utf8) + [0xFF, 0xC3] + Array("\"}}]}\n\n".utf8)
        #expect(try read([bytes]) == [.text("Yes")])
    }

    @Test func documentsWithoutEventsAreReadOneAfterTheOther() throws {
        let lines = [delta(#"{"content":"Yes"}"#), delta(#"{"content":"."}"#)].joined(separator: "\n")
        #expect(try read([Array(lines.utf8)]) == [.text("Yes"), .text(".")])
        #expect(try read([Array("[\(delta(#"{"content":"Yes"}"#)),\n\(delta(#"{"content":"."}"#))]".utf8)]) == [.text("Yes"), .text(".")])
    }

    @Test func aCallThatLostAPartIsNotMade() throws {
        let begun = delta(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"book","arguments":"{\"people\":2"}}]}"#)
        let rest = delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}"#)
        #expect(throws: ChatFailure.self) { try read(begun) }
        #expect(throws: ChatFailure.self) { try read(begun, #"{"choices":[{"delta":{"tool_calls":[{"#, rest, "[DONE]") }
        #expect(try read(begun, rest) == [call("a", "book", #"{"people":2}"#)])
        #expect(try read(begun, "{garbage", rest, "[DONE]") == [call("a", "book", #"{"people":2}"#)])
    }

    @Test func whatAServiceAttachesIsKept() throws {
        var reader = ChatAnswerReader(text: ServiceText(hiding: []), ids: ChatCallIDs(in: []), context: ChatAnswerContext(origin: "x m"))
        let events = [
            delta(#"{"reasoning_content":"Let me ","reasoning_details":[{"type":"text","index":0,"text":"a"}]}"#),
            delta(#"{"reasoning_content":"see.","reasoning_details":[{"type":"text","index":0,"text":"b"}],"audio":null}"#),
            delta(
                #"{"tool_calls":[{"index":0,"id":"a","type":"function","extra_content":{"google":{"thought_signature":"AB"}},"#
                    + #""function":{"name":"f","arguments":"{}","hint":1}}]}"#
            ),
            delta(#"{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}"#),
            "[DONE]",
        ]
        var outputs = try reader.feed(Array(events.map { "data: \($0)\n\n" }.joined().utf8)).outputs
        outputs += try reader.end().outputs
        let calls = outputs.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
        let first = try #require(calls.first.flatMap(ChatAttachment.init(of:)))
        let second = try #require(calls.last.flatMap(ChatAttachment.init(of:)))
        #expect(first.origin == "x m" && first.group == second.group && first != second)
        #expect(first.message["reasoning_content"] == .string("Let me see."))
        #expect(try first.message["reasoning_details"] == JSONValue(parsing: #"[{"type":"text","index":0,"text":"ab"}]"#))
        #expect(try first.call["extra_content"] == JSONValue(parsing: #"{"google":{"thought_signature":"AB"}}"#))
        #expect(first.function == ["hint": .number(1)] && first.message["audio"] == nil)
        #expect(second.call.isEmpty && second.message.isEmpty)
    }

    @Test func toolCallsInTheTextAreMadeIfTheyFit() throws {
        let tool = try ToolDeclaration(
            name: "book",
            description: "Books.",
            parameters: JSONValue(parsing: #"{"type":"object","properties":{"people":{"type":"integer"}},"required":["people"]}"#)
        )
        let context = ChatAnswerContext(tools: [tool])
        func read(_ text: String) throws -> [AssistantOutput] {
            let quoted = try JSONValue.object(["content": .string(text)]).text()
            return try self.read([Array("data: \(delta(quoted, finish: #""stop""#))\n\ndata: [DONE]\n\n".utf8)], context: context)
        }
        let good = #"{"name": "book", "arguments": {"people": 2}}"#
        #expect(try read("One moment. <tool_call>\(good)</tool_call>") == [.text("One moment. "), call("made-0", "book", #"{"people":2}"#)])
        // The end of the stream after the reason to stop does not make it twice.
        #expect(try read("<tool_call>\(good)</tool_call>") == [call("made-0", "book", #"{"people":2}"#)])
        #expect(throws: ChatFailure.self) { try read("<tool_call>\(good.replacing("book", with: "fly"))</tool_call>") }
        let outputs = try read("Yes. <tool_call>\(good.replacing("2", with: "\"two\""))</tool_call>")
        #expect(outputs == [.text("Yes. "), .fault("chat: a tool call was dropped: the arguments do not fit book")])
    }
}
