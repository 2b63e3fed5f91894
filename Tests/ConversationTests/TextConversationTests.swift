import Synchronization
import Testing

@testable import Conversation

/// Conversations in writing have a call's memory and tools.
struct TextConversationTests {
    /// Answers one list after the other, and keeps what it was asked.
    private final class ListAssistant: Assistant {
        let providerName = "list"
        private let state: Mutex<(answers: [[AssistantOutput]], asked: [[ConversationTurn]])>

        init(_ answers: [[AssistantOutput]]) { state = Mutex((answers, [])) }

        var asked: [[ConversationTurn]] { state.withLock { $0.asked } }

        func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
            let outputs = state.withLock { state in
                state.asked.append(conversation)
                return state.answers.isEmpty ? [] : state.answers.removeFirst()
            }
            return AsyncThrowingStream { continuation in
                outputs.forEach { continuation.yield($0) }
                continuation.finish()
            }
        }
    }

    private struct Clock: ToolRunner {
        func run(_ call: ToolCall) async -> ToolOutcome { ToolOutcome(.done, "noon") }
    }

    private static let look = ToolCall(id: "1", name: "clock", arguments: "{}")

    private func conversation(_ assistant: ListAssistant) -> TextConversation {
        var configuration = CallMachine.Configuration()
        configuration.greeting = "Hello."
        configuration.tools = ["clock": ToolPlan(.service), "end_call": ToolPlan(.endCall)]
        return TextConversation(configuration, assistant: assistant, tools: Clock())
    }

    @Test func theAssistantIsToldWhatItsToolsSaid() async throws {
        let assistant = ListAssistant([[.text("Let me see."), .toolCall(Self.look)], [.text("It is noon.")]])
        var talk = conversation(assistant)
        var steps: [TextConversation.Step] = []
        try await talk.answer("What time is it?") { steps.append($0) }
        #expect(talk.memory.map(\.text) == ["Hello.", "What time is it?", "Let me see.", "", "It is noon."])
        #expect(assistant.asked.last?.last?.tool?.outcome?.text == "noon")
        #expect(steps.last == .text("It is noon."))
        #expect(!talk.isOver)
    }

    @Test func theAssistantMayEndIt() async throws {
        let end = ToolCall(id: "1", name: "end_call", arguments: "{}")
        var talk = conversation(ListAssistant([[.text("Bye."), .toolCall(end)]]))
        try await talk.answer("Bye") { _ in }
        #expect(talk.isOver)
    }

    @Test func anEmptyAnswerIsAnError() async {
        var talk = conversation(ListAssistant([]))
        await #expect(throws: EngineError.self) { try await talk.answer("Hello?") { _ in } }
    }
}
