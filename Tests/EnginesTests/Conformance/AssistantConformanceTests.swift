import Conversation
import Engines
import Testing

/// What every ``Assistant`` promises.
@Suite struct AssistantConformanceTests {
    @Test func nameIsThatOfTheOption() {
        #expect(EchoAssistant().providerName == "echo")
    }

    @Test func aStreamEndsAfterItsAnswer() async throws {
        var pieces: [AssistantOutput] = []
        for try await piece in EchoAssistant().reply(to: [ConversationTurn(role: .caller, text: "Yes")]) { pieces.append(piece) }
        #expect(pieces == [.text("You said: Yes")])
    }

    @Test func oneAssistantAnswersManyCalls() async throws {
        let assistant = EchoAssistant()
        try await withThrowingTaskGroup(of: (String, String).self) { group in
            for number in 0..<10 {
                group.addTask {
                    var answer = ""
                    for try await piece in assistant.reply(to: [ConversationTurn(role: .caller, text: "\(number)")]) {
                        if case .text(let text) = piece { answer += text }
                    }
                    return ("\(number)", answer)
                }
            }
            for try await (said, answer) in group { #expect(answer == "You said: \(said)") }
        }
    }
}
