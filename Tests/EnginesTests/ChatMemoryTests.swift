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
            ConversationTurn(role: .summary, text: "Ann wants a table."),
            ConversationTurn(role: .assistant, text: "For how many?"),
            ConversationTurn(role: .caller, text: "Two."),
            ConversationTurn(role: .caller, text: "At seven."),
            ConversationTurn(role: .assistant, text: " "),
        ])
        #expect(
            messages == [
                ChatMessage(.system, "Be brief."), ChatMessage(.system, "Earlier in this call: Ann wants a table."),
                ChatMessage(.assistant, "For how many?"), ChatMessage(.user, "Two."), ChatMessage(.user, "At seven."),
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
        ])
        #expect(
            messages == [
                ChatMessage(.user, "Book it."),
                ChatMessage(.assistant, "One moment.", call: call("a", #"{"people":2}"#)), ChatMessage(.tool, "booked", answering: "a"),
                ChatMessage(.assistant, nil, call: call("b")), ChatMessage(.tool, "failed: full", answering: "b"),
                ChatMessage(.assistant, nil, call: call("c")), ChatMessage(.tool, "still running", answering: "c"),
            ]
        )
    }

    @Test func theLastWordIsNeverTheModelsOwn() throws {
        let messages = try memory(prompt: "").messages(for: [ConversationTurn(role: .assistant, text: "Hello?")])
        #expect(messages == [ChatMessage(.assistant, "Hello?"), ChatMessage(.user, ChatMemory.nudge)])
        #expect(try memory(prompt: "").messages(for: []).isEmpty)
    }

    @Test func theToolsTakeTheirShareOfTheBudget() throws {
        let turns = (0..<20).map { ConversationTurn(role: .caller, text: String(repeating: "word ", count: 20) + "\($0)") }
        let long = String(repeating: "Books a table. ", count: 100)
        let tool = try ToolDeclaration(name: "book", description: long, parameters: .object([:]))
        #expect(try memory(tokens: 600).messages(for: turns).count > memory(tokens: 600, tools: [tool]).messages(for: turns).count)
    }

    @Test(arguments: 0..<200)
    func whatIsToldFitsAndBeginsWell(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let conversation = (0..<Int.random(in: 0...30, using: &random)).map { number in turn(number, &random) }
        let memory = try memory(tokens: Int.random(in: 20...1_500, using: &random))
        let messages = memory.messages(for: conversation)
        let everything = try self.memory(tokens: .max).messages(for: conversation)

        #expect(messages.first == ChatMessage(.system, "Be brief."))
        #expect(messages.filter { $0.role == .system }.count == 1 + conversation.filter { $0.role == .summary }.count)
        let newest = conversation.lastIndex { $0.role == .caller } ?? max(0, conversation.count - 1)
        let needed = memory.messages(for: conversation.enumerated().filter { $1.role == .summary || $0 >= newest }.map(\.element))
        #expect(messages.map(\.tokens).reduce(0, +) <= max(memory.budget, needed.map(\.tokens).reduce(0, +) + 10))
        if let last = conversation.last(where: { $0.role == .caller }) { #expect(messages.contains(ChatMessage(.user, last.text))) }
        #expect(messages.last == everything.last)
        for (place, message) in messages.enumerated() {
            if let id = message.answeredCall { #expect(place > 0 && messages[place - 1].call?.id == id) }
            if message.call != nil { #expect(messages.indices.contains(place + 1) && messages[place + 1].role == .tool) }
            if message.role == .assistant, place + 1 < messages.count { #expect(message.call != nil || messages[place + 1].role != .tool) }
        }
        let first = messages.drop { $0.role == .system }.first
        if messages.count < everything.count, conversation.contains(where: { $0.role == .caller }) {
            #expect(first?.call == nil || first?.content != nil)
        }
        #expect(messages.last?.role != .assistant)
    }

    private func turn(_ number: Int, _ random: inout SeededRandom) -> ConversationTurn {
        let words = "\(number) " + String(repeating: "é", count: Int.random(in: 0...200, using: &random))
        return switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: ConversationTurn(role: .caller, text: words)
        case 4..<7: ConversationTurn(role: .assistant, text: words)
        case 7: ConversationTurn(role: .summary, text: words)
        default: tool("\(number)", outcome: ToolOutcome(.done, words))
        }
    }
}
