import Conversation
import Engines
import TestSupport
import Testing

/// What every ``Assistant`` promises.
@Suite struct AssistantConformanceTests {
    /// The assistants.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case echo, chat

        var testDescription: String { rawValue }
    }

    /// Lends an assistant; the chat's endpoint answers as the echo does, word by word.
    private func withAssistant(_ kind: Kind, _ body: (any Assistant) async throws -> Void) async throws {
        switch kind {
        case .echo: try await body(EchoAssistant())
        case .chat: try await ChatFixture.withAssistant(Self.echo) { assistant, _, _ in try await body(assistant) }
        }
    }

    private static let echo: FakeEndpoint.Handler = { request, answer in
        guard case .array(let messages)? = try JSONValue(parsing: request.body)["messages"] else { throw CancellationError() }
        try await answer.say("You ", "said: ", messages.last { $0["role"] == .string("user") }?["content"]?.string ?? "")
        try await answer.finish()
    }

    private func answer(of assistant: any Assistant, to conversation: [ConversationTurn]) async throws -> String {
        var answer = ""
        for try await piece in assistant.reply(to: conversation) { if case .text(let text) = piece { answer += text } }
        return answer
    }

    @Test func nameIsThatOfTheOption() async throws {
        #expect(EchoAssistant().providerName == "echo")
        try await withAssistant(.chat) { #expect($0.providerName == "openai") }
    }

    @Test(arguments: Kind.allCases)
    func aStreamEndsAfterItsAnswer(_ kind: Kind) async throws {
        try await withAssistant(kind) { assistant in
            let answer = try await answer(of: assistant, to: [ConversationTurn(role: .caller, text: "Yes")])
            #expect(answer == "You said: Yes")
        }
    }

    @Test(arguments: Kind.allCases)
    func nothingIsRememberedOfTheCallBefore(_ kind: Kind) async throws {
        try await withAssistant(kind) { assistant in
            for word in ["Yes", "No"] {
                let answer = try await answer(of: assistant, to: [ConversationTurn(role: .caller, text: word)])
                #expect(answer == "You said: \(word)")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func oneAssistantAnswersManyCalls(_ kind: Kind) async throws {
        try await withAssistant(kind) { assistant in
            try await withThrowingTaskGroup(of: (String, String).self) { group in
                for number in 0..<10 {
                    group.addTask { ("\(number)", try await answer(of: assistant, to: [ConversationTurn(role: .caller, text: "\(number)")])) }
                }
                for try await (said, answer) in group { #expect(answer == "You said: \(said)") }
            }
        }
    }
}
