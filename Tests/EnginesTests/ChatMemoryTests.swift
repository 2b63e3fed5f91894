import Conversation
import TestSupport
import Testing

@testable import Engines

/// What a model is told of a call.
@Suite struct ChatMemoryTests {
    private func memory(tokens: Int = 6_000, prompt: String = "Be brief.", tools: [ToolDeclaration] = []) throws -> ChatMemory {
        var configuration = ChatConfiguration(primary: try ChatEndpoint(baseURL: "http://x/v1", model: "m"), systemPrompt: prompt, tools: tools)
        configuration.memoryTokens = tokens
        return ChatMemory(configuration)
    }

    private func tool(_ id: String, _ arguments: String = "{}", outcome: ToolOutcome? = ToolOutcome(.done, "booked")) -> ConversationTurn {
        ConversationTurn(tool: ToolUse(ToolCall(id: id, name: "book", arguments: arguments), outcome: outcome))
    }

    private func call(_ id: String, _ arguments: String = "{}") -> ToolCall { ToolCall(id: id, name: "book", arguments: arguments) }

    @Test func eachSideSpeaksForItself() throws {
        let messages = try memory().messages(for: [
            ConversationTurn(role: .caller, text: "Hello."),
            ConversationTurn(role: .summary, text: "Ann wants a table."),
            ConversationTurn(role: .assistant, text: "For how many?"),
            ConversationTurn(role: .caller, text: "Two."),
            ConversationTurn(role: .caller, text: "At seven."),
            ConversationTurn(role: .assistant, text: " "),
        ]).list
        #expect(
            messages == [
                ChatMessage(.system, "Be brief.\n\nEarlier in this call: Ann wants a table."), ChatMessage(.user, "Hello."),
                ChatMessage(.assistant, "For how many?"), ChatMessage(.user, "Two.\nAt seven."),
            ]
        )
    }

    @Test func aToolsUseIsACallAndItsAnswer() throws {
        let messages = try memory(prompt: "").messages(for: [
            ConversationTurn(role: .caller, text: "Book it."),
            ConversationTurn(role: .assistant, text: "One moment."),
            tool("a", #"{"people":2}"#),
            tool("b", "people: 2", outcome: ToolOutcome(.failed, "full")),
            tool("c", "[1]", outcome: nil),
        ]).list
        #expect(
            messages == [
                ChatMessage(.user, "Book it."),
                ChatMessage(.assistant, "One moment.", calls: [call("a", #"{"people":2}"#)]), ChatMessage(.tool, "booked", answering: "a"),
                ChatMessage(.assistant, nil, calls: [call("b")]), ChatMessage(.tool, "failed: full", answering: "b"),
                ChatMessage(.assistant, nil, calls: [call("c")]), ChatMessage(.tool, "still running", answering: "c"),
            ]
        )
    }

    @Test func theLastWordIsNeverTheModelsOwn() throws {
        let messages = try memory(prompt: "").messages(for: [ConversationTurn(role: .assistant, text: "Hello?")])
        #expect(messages.list == [ChatMessage(.user, ChatMessages.opening), ChatMessage(.assistant, "Hello?"), ChatMessage(.user, ChatMemory.nudge)])
        #expect(try memory(prompt: "").messages(for: []).list.isEmpty)
    }

    @Test func aHeardGreetingComesAfterTheUsersOpening() throws {
        let messages = try memory().messages(for: [
            ConversationTurn(role: .assistant, text: "This is the restaurant."), ConversationTurn(role: .caller, text: "Hello."),
        ])
        #expect(messages.list.map(\.role) == [.system, .user, .assistant, .user])
        #expect(messages.list.map(\.content) == ["Be brief.", ChatMessages.opening, "This is the restaurant.", "Hello."])
    }

    @Test func anAnswerThatWasNotHeardAfterAToolIsSaidToBeSo() throws {
        let messages = try memory(prompt: "").messages(for: [
            ConversationTurn(role: .caller, text: "Book it."), tool("a"), ConversationTurn(role: .caller, text: "Hello?"),
        ])
        #expect(messages.list.map(\.role) == [.user, .assistant, .tool, .assistant, .user])
        #expect(messages.list[3].content == ChatMessages.unheard)
    }

    @Test func callsOfOneAnswerShareAMessage() throws {
        var calls = ["a", "b", "c"].map { call($0) }
        calls[0].attachment = "g1 {}"
        calls[1].attachment = "g1 {}"
        calls[2].attachment = "g2 {}"
        let turns = calls.map { ConversationTurn(tool: ToolUse($0, outcome: ToolOutcome(.done, "booked"))) }
        let messages = try memory(prompt: "").messages(for: [ConversationTurn(role: .caller, text: "Book all.")] + turns).list
        #expect(messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant, .tool])
        #expect(messages[1].calls == [calls[0], calls[1]])
    }

    @Test func aLongResultIsShortenedRatherThanLost() throws {
        let long = String(repeating: "Table four is free. ", count: 400)
        let turns = [ConversationTurn(role: .caller, text: "What is free?"), tool("a", outcome: ToolOutcome(.done, long))]
        let messages = try memory().messages(for: turns, limit: 300)
        #expect(messages.list.map(\.tokens).reduce(0, +) <= 300)
        #expect(messages.list.last?.content?.hasPrefix("Table four") == true)
        #expect(messages.list.contains(ChatMessage(.user, "What is free?")))
    }

    @Test func theToolsTakeTheirShareOfTheBudget() throws {
        let turns = (0..<20).map { ConversationTurn(role: .caller, text: String(repeating: "word ", count: 20) + "\($0)") }
        let long = String(repeating: "Books a table. ", count: 100)
        let tool = try ToolDeclaration(name: "book", description: long, parameters: .object([:]))
        #expect(try memory(tokens: 600).messages(for: turns).list[1].tokens > memory(tokens: 600, tools: [tool]).messages(for: turns).list[1].tokens)
    }

    @Test(arguments: 0..<100)
    func whatIsToldFitsAndBeginsWell(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let conversation = (0..<Int.random(in: 0...30, using: &random)).map { number in turn(number, &random) }
        let memory = try memory(tokens: Int.random(in: 20...1_500, using: &random))
        let messages = memory.messages(for: conversation).list
        let everything = try self.memory(tokens: .max).messages(for: conversation).list

        #expect(StrictTemplate.fault(in: messages) == nil)
        #expect(StrictTemplate.fault(in: everything) == nil)
        #expect(messages.first?.content?.hasPrefix("Be brief.") == true)
        let newest = conversation.lastIndex { $0.role == .caller } ?? max(0, conversation.count - 1)
        let needed = memory.messages(for: conversation.enumerated().filter { $1.role == .summary || $0 >= newest }.map(\.element)).list
        #expect(messages.map(\.tokens).reduce(0, +) <= max(memory.budget, needed.map(\.tokens).reduce(0, +) + 20))
        if let last = conversation.last(where: { $0.role == .caller }) {
            #expect(messages.contains { $0.role == .user && $0.content?.contains(last.text) == true })
        }
        #expect(messages.last?.role == everything.last?.role)
        // Nothing that was said or heard is lost.
        for turn in conversation where turn.role != .tool { #expect(everything.contains { $0.content?.contains(turn.text) == true }) }
        for id in conversation.compactMap(\.tool?.call.id) { #expect(everything.filter { $0.answeredCall == id }.count == 1) }
    }

    @Test(arguments: 0..<100)
    func everyFormIsAcceptedByStrictTemplates(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let conversation = (0..<Int.random(in: 1...30, using: &random)).map { number in turn(number, &random) }
        let messages = try memory(tokens: .max).messages(for: conversation)
        #expect(StrictTemplate.fault(in: messages.withoutSystem().list) == nil)
        #expect(StrictTemplate.fault(in: messages.withoutTools().list) == nil)
        let bare = messages.withoutTools().withoutSystem().list
        #expect(StrictTemplate.fault(in: bare) == nil)
        #expect(bare.allSatisfy { $0.role == .user || $0.role == .assistant })
        for turn in conversation where turn.role != .tool { #expect(bare.contains { $0.content?.contains(turn.text) == true }) }
        for outcome in conversation.compactMap(\.tool?.outcome) { #expect(bare.contains { $0.content?.contains(outcome.text) == true }) }
    }

    private func turn(_ number: Int, _ random: inout SeededRandom) -> ConversationTurn {
        let words = "\(number) " + String(repeating: "é", count: Int.random(in: 0...200, using: &random))
        return switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: ConversationTurn(role: .caller, text: words)
        case 4..<7: ConversationTurn(role: .assistant, text: words)
        case 7: ConversationTurn(role: .summary, text: words)
        default:
            ConversationTurn(
                tool: ToolUse(
                    ToolCall(id: "\(number)", name: "book", arguments: "{}", attachment: Bool.random(using: &random) ? "g\(number / 2) {}" : nil),
                    outcome: ToolOutcome(.done, words)
                )
            )
        }
    }
}

/// The rules of the strictest chat templates: Mistral's, Gemma's and Llama 2's.
enum StrictTemplate {
    /// What they would refuse of some messages; nil if nothing.
    static func fault(in messages: [ChatMessage]) -> String? {
        var rest = messages[...]
        if rest.first?.role == .system { rest = rest.dropFirst() }
        if rest.contains(where: { $0.role == .system }) { return "a system message is not the first" }
        if rest.isEmpty { return nil }
        if rest.first?.role != .user { return "the first message is not the user's" }
        if rest.last?.role == .assistant { return "the assistant has the last word" }
        var open: [String] = []
        var previous: ChatMessage.Role?
        for message in rest {
            if message.content?.isEmpty == true { return "a message is empty" }
            if message.role == .tool {
                guard let id = message.answeredCall, open.first == id else { return "a result without its call" }
                open.removeFirst()
            } else {
                guard open.isEmpty else { return "a call without its result" }
                let isAlternating = message.role == .user ? previous != .user && previous != .tool : previous == .user || previous == .tool
                guard isAlternating else { return "roles do not alternate" }
                open = message.calls.map(\.id)
                if message.content == nil, message.calls.isEmpty { return "a message is empty" }
            }
            previous = message.role
        }
        return open.isEmpty ? nil : "a call without its result"
    }
}
