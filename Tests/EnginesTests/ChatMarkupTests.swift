import TestSupport
import Testing

@testable import Engines

/// What of a model's text is said, and which tool calls are found in it.
@Suite struct ChatMarkupTests {
    private static func tools() throws -> [ToolDeclaration] {
        let schema = #"{"type":"object","properties":{"people":{"type":"integer"},"name":{"type":"string"}}}"#
        return [try ToolDeclaration(name: "book", description: "Books.", parameters: JSONValue(parsing: schema))]
    }

    private func read(_ pieces: [String], tools: [ToolDeclaration] = [], beginsInThought: Bool = false) -> (said: String, calls: [String]) {
        var markup = ChatMarkup(tools: tools, beginsInThought: beginsInThought)
        var said = ""
        for piece in pieces { said += markup.feed(piece) }
        said += markup.end()
        return (said, markup.takeCalls())
    }

    @Test(arguments: [
        "Yes, 2 < 3 and 3 > 2.", "[1] is the first.", "Use `x` or ```swift\nlet a = 1\n```.", "a <b>bold</b> word", "{\"a\": 1}", "I <3 you", "<",
        "[TH", "[", "an [INSTANCE]", "<thin", "x <| y |> z", "```", "1. <5", "[{x}]", "{", "a | b",
    ])
    func ordinaryTextIsSaidAsItIs(_ text: String) throws {
        let tools = try Self.tools()
        #expect(read([text]).said == text)
        #expect(read(text.map(String.init)).said == text)
        #expect(read(text.map(String.init), tools: tools).said == text)
    }

    @Test(arguments: [
        "<think>Hm.</think>", "<thinking>Hm.</thinking>", "<THINK>Hm.</THINK>", "<reasoning>Hm. 2 < 3</reasoning>", "[THINK]Hm.[/THINK]",
        "◁think▷Hm.◁/think▷", "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>",
        "<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>", "<|im_start|>assistant\n",
        "<|start_header_id|>assistant<|end_header_id|>", "<s>", "<answer>", "<|begin_of_thought|>Hm.<|end_of_thought|>", "Hm.</think>", "Hm.[/THINK]",
        "<tool_response>{\"a\":1}</tool_response>", "<|begin_of_text|>", "<｜Assistant｜>", "[/INST]",
    ])
    func thoughtsAndTemplatesAreNotSaid(_ markup: String) {
        #expect(read([markup + "Yes."]).said == "Yes.")
        if markup.hasPrefix("Hm.") {
            #expect(read((markup + "Yes.").map(String.init), beginsInThought: true).said == "Yes.")
        } else {
            #expect(read((markup + "Yes.").map(String.init)).said == "Yes.")
        }
    }

    @Test(arguments: ["<|im_end|>", "<|eot_id|>", "</s>", "<|endoftext|>", "<end_of_turn>", "<|return|>", "<｜end▁of▁sentence｜>", "<|end|>"])
    func theEndOfATurnIsNotSaid(_ token: String) {
        #expect(read(["Yes.", token]).said == "Yes.")
        #expect(read(("Yes." + token).map(String.init)).said == "Yes.")
    }

    @Test(arguments: ["<|im_end|>\n<|im_start|>user\nHello", "</s>[INST] Hello", "<end_of_turn>\n<start_of_turn>user\nHello", "<|user|>Hello"])
    func whatTheModelMakesUpForTheCallerIsNotSaid(_ rest: String) {
        #expect(read(("Yes." + rest).map(String.init)).said.filter { !$0.isWhitespace } == "Yes.")
    }

    @Test(arguments: [
        #"<tool_call>{"name": "book", "arguments": {"people": 2}}</tool_call>"#, #"<tool_call>{"name": "book", "arguments": {"people": 2}}"#,
        #"<function=book>{"people": 2}</function>"#, "<function=book>\n<parameter=people>\n2\n</parameter>\n</function>",
        "<tool_call>\n<function=book>\n<parameter=people>2</parameter>\n</function>\n</tool_call>",
        "<tool_call>book\n<arg_key>people</arg_key>\n<arg_value>2</arg_value>\n</tool_call>",
        #"[TOOL_CALLS][{"name":"book","arguments":{"people":2}}]"#,
        #"[TOOL_CALLS]book[ARGS]{"people":2}"#, #"<|python_tag|>{"name":"book","parameters":{"people":2}}<|eom_id|>"#,
        "```tool_call\n{\"name\":\"book\",\"arguments\":{\"people\":2}}\n```", "```json\n{\"name\":\"book\",\"arguments\":{\"people\":2}}\n```",
        #"{"name":"book","parameters":{"people":2}}"#, #"[{"name":"book","arguments":{"people":2}}]"#,
        #"{"type":"function","function":{"name":"book","arguments":"{\"people\":2}"}}"#,
        #"{"tool_calls":[{"function":{"name":"book","arguments":{"people":2}}}]}"#,
        #"<|channel|>commentary to=functions.book <|constrain|>json<|message|>{"people":2}<|call|>"#,
        #"<|start|>assistant to=functions.book<|channel|>commentary json<|message|>{"people":2}<|call|>"#,
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>book\n```json\n{\"people\":2}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        #"<|tool_calls_section_begin|><|tool_call_begin|>functions.book:0<|tool_call_argument_begin|>{"people":2}<|tool_call_end|><|tool_calls_section_end|>"#,
        #"<function_calls><invoke name="book"><parameter name="people">2</parameter></invoke></function_calls>"#,
        "[book(people=2)]", "[ book ( people = 2 ) ]", "<|python_tag|>book(people=2)<|eom_id|>", "```tool_code\nprint(book(people=2))\n```",
        "```tool_code\ndefault_api.book(people=2)\n```",
    ])
    func toolCallsInTheTextAreFoundAndNotSaid(_ text: String) throws {
        let tools = try Self.tools()
        for pieces in [[text], text.map(String.init)] {
            let (said, calls) = read(pieces, tools: tools)
            #expect(said.filter { !$0.isWhitespace }.isEmpty, "\(said)")
            let written = calls.compactMap { WrittenToolCalls($0, tools: tools)?.checked(by: tools) }
            #expect(written.flatMap(\.faults) == [])
            let made = written.flatMap(\.calls)
            #expect(made.map(\.name) == ["book"])
            let arguments = try made.map { try JSONValue(parsing: $0.arguments) }
            #expect(arguments == [.object(["people": .number(2)])], "\(calls)")
        }
    }

    @Test func severalCallsAreFound() throws {
        let tools = try Self.tools()
        let one = #"{"name":"book","arguments":{"people":1}}"#
        for text in [
            "<tool_call>\(one)</tool_call>\n<tool_call>\(one)</tool_call>", "[TOOL_CALLS][\(one),\(one)]", "\(one); \(one)", "\(one)\n\(one)",
        ] {
            let (said, calls) = read(text.map(String.init), tools: tools)
            #expect(said.filter { !$0.isWhitespace }.isEmpty, "\(said)")
            #expect(calls.compactMap { WrittenToolCalls($0, tools: tools)?.calls.count }.reduce(0, +) == 2, "\(text)")
        }
    }

    @Test func valuesOfCallsInPythonAreRead() throws {
        let text = #"[book(name='O\'Neil, \"Ann\"', people=-2, at=19.5, quiet=True, note=None, tags=["a", 1,], more={'k': [False]}), book()]"#
        let calls = try #require(PythonToolCalls.read(text))
        #expect(calls.map(\.name) == ["book", "book"])
        #expect(
            calls[0].arguments == [
                "name": .string("O'Neil, \"Ann\""), "people": .number(-2), "at": .real(19.5), "quiet": .bool(true), "note": .null,
                "tags": .array([.string("a"), .number(1)]), "more": .object(["k": .array([.bool(false)])]),
            ]
        )
    }

    @Test(arguments: [
        "[Laughs (quietly)]", "book(people=2", "[book(2)]", "book", "[]", "[book(people=)]", "see book(people=2) above", "[other(a=1)]",
    ])
    func whatIsNoCallInPythonIsSaid(_ text: String) throws {
        let tools = try Self.tools()
        #expect(WrittenToolCalls(text, tools: tools) == nil)
        #expect(read(text.map(String.init), tools: tools).said == text)
    }

    @Test(arguments: 0..<60)
    func tagsAreFoundWhereverTheyAreCut(_ seed: Int) {
        var random = SeededRandom(seed: seed)
        let pieces = ["<think>", "x</think>", "a", "<", "<th", "ink>", "</", "b ", "[THINK]", "y[/THINK]", "[", "<|end|>", "<|", "`"]
        let text = "Well " + (0..<20).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        guard !text.replacing("<think>x</think>", with: "").replacing("[THINK]y[/THINK]", with: "").contains("/") else { return }
        let whole = read([text]).said
        var cut: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            cut.append(String(rest.prefix(Int.random(in: 1...6, using: &random))))
            rest = rest.dropFirst(cut.last?.count ?? 0)
        }
        #expect(read(cut).said == whole)
    }

    @Test func wordsAreGivenAtOnce() {
        var markup = ChatMarkup()
        #expect(markup.feed("Good ") == "Good ")
        #expect(markup.feed("day, 2 <") == "day, 2 ")
        #expect(markup.feed(" 3") == "< 3")
    }
}
