import Conversation
import TestSupport
import Testing

@testable import VoiceServer

/// Talking to an agent in writing.
@Suite struct ChatCommandTests {
    @Test func theAgentOfTheSettingsAnswersThroughItsService() async throws {
        let handler: FakeEndpoint.Handler = { request, answer in
            let said = request.body.contains("opening hours") ? "Nine to five." : "What?"
            try await answer.whole("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"\(said)\"}}]}")
        }
        try await FakeEndpoint.withEndpoint(handler) { service in
            let environment = ["OPENAI_BASE_URL": "\(service.url)/v1", "AGENTOS_CHAT": "openai"]
            let settings = try ServerConfiguration(flags: [:], environment: environment, file: nil)
            let talk = try TextAgent(settings, agent: nil, from: "+14155551234", to: "+14155550100")
            var shown = ""
            for line in ["what are your opening hours", "and on sunday"] {
                try await talk.answer(line) { if case .text(let text) = $0 { shown += text } }
            }
            #expect(shown == "Nine to five.Nine to five.", "the second question comes with the first")
            #expect(talk.conversation.memory.map(\.role) == [.caller, .assistant, .caller, .assistant])
        }
    }

    @Test func anAgentThatIsNotThereIsNamed() throws {
        let settings = try ServerConfiguration(flags: [:], environment: [:], file: nil)
        #expect(throws: StartError.self) { try TextAgent(settings, agent: "nobody", from: "+14155551234", to: "+14155550100") }
    }
}
