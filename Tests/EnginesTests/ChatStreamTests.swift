import Conversation
import TestSupport
import Testing

@testable import Engines

/// What the streams of many servers say.
@Suite struct ChatStreamTests {
    /// Reads a body, cut as given.
    private func read(_ pieces: [[UInt8]], taken: [ConversationTurn] = []) throws -> [AssistantOutput] {
        let count = Counter()
        var reader = ChatAnswerReader(text: ServiceText(hiding: []), ids: ChatCallIDs(in: taken) { "made-\(count.next())" })
        var outputs: [AssistantOutput] = []
        for piece in pieces {
            let progress = try reader.feed(piece)
            outputs += progress.outputs
            if let failure = progress.failure { throw failure }
        }
        return outputs + (try reader.end().outputs)
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
        #expect(throws: ChatFailure("closed in mid-stream")) { try read(delta(#"{"content":"Yes"}"#)) }
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
        #expect(outputs == [call("made-0", "book", #"{"people":2}"#), call("made-1", "hours", "{}")])
    }

    @Test func equalIdsAreMadeUnique() throws {
        let earlier = ConversationTurn(tool: ToolUse(ToolCall(id: "call_0", name: "book", arguments: "{}")))
        let event = delta(
            #"{"tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}},{"index":1,"id":"x","function":{"name":"b","arguments":"{}"}}]}"#
        )
        let again = delta(#"{"tool_calls":[{"index":2,"id":"call_0","function":{"name":"c","arguments":"{}"}}]}"#)
        let outputs = try read([Array("data: \(event)\n\ndata: \(again)\n\ndata: [DONE]\n\n".utf8)], taken: [earlier])
        #expect(outputs == [call("x", "a", "{}"), call("made-0", "b", "{}"), call("made-1", "c", "{}")])
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
        #expect(throws: ChatFailure("reported an error: busy", brief: "an error: busy")) {
            try read([Array(#" {"object":"error","message":"busy"}"#.utf8)])
        }
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

    @Test(arguments: 0..<40)
    func thoughtsAreFoundWhereverTheyAreCut(_ seed: Int) {
        var random = SeededRandom(seed: seed)
        let pieces = ["<think>", "</think>", "a", "<", "<th", "ink>", "</", "b "]
        let text = (0..<20).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        var whole = ThoughtFilter()
        let expected = whole.feed(text) + whole.end()
        var cut = ThoughtFilter()
        let found = text.map { cut.feed(String($0)) }.joined() + cut.end()
        #expect(found == expected)
    }
}
