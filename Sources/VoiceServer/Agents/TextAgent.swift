package import Conversation
import Engines
import Foundation

/// An agent as it is talked to in writing: the assistant, prompt, greeting and tools that calls to its number have.
package final class TextAgent {
    /// The agent's name.
    package let name: String
    /// The conversation so far.
    package private(set) var conversation: TextConversation
    /// Kept for as long as the agent is: its connections go with it.
    private let services: SpeechAndChat

    /// Finds an agent by name, or by the number it answers.
    ///
    /// - Throws: ``StartError`` where there is no such agent.
    package init(_ settings: ServerConfiguration, agent wanted: String?, from caller: String, to called: String) throws(StartError) {
        try EngineLoader.checkNames(settings)
        try settings.checkServices()
        let book = AgentBook(settings.agentFile)
        services = SpeechAndChat(settings.openAI) { _, _ in }
        let desk = AgentDesk(
            settings: settings,
            book: book,
            services: services,
            telephony: TextTelephony(),
            transfers: TextTelephony(),
            writeDown: { _ in true },
            countTokens: { _, _ in }
        )
        let agent: AgentDefinition
        if let wanted {
            guard let named = book.agent(named: wanted) else {
                let known = book.agents.map(\.name).joined(separator: ", ")
                throw StartError(
                    .configuration,
                    "--agent: there is no agent \(wanted); \(known.isEmpty ? "give --config a file that has some" : "known are \(known)")"
                )
            }
            agent = desk.speaking(named)
        } else {
            agent = desk.agent(forNumber: called)
        }
        name = agent.name
        let id = "text-\(UUID().uuidString)"
        let session = SessionRecord(id: id, callID: id, from: caller, to: called, sttProvider: "text", createdAt: Timestamp.now)
        let call = desk.configuration(of: agent, session, now: Timestamp.now)
        let assistant: any Assistant = desk.assistant(of: agent, from: caller, to: called) ?? EchoAssistant()
        conversation = TextConversation(call, assistant: assistant, tools: desk.tools(of: agent, session))
    }

    /// Answers what was written; see ``TextConversation/answer(_:show:)``.
    package func answer(_ text: String, show: (TextConversation.Step) -> Void) async throws {
        try await conversation.answer(text, show: show)
    }
}

/// Says what would happen on a telephone line.
private struct TextTelephony: Telephony, CallerTransfer {
    func transfer(_ request: TransferRequest) async -> ToolOutcome {
        ToolOutcome(.done, "The caller would be put through to \(request.destination.targets.joined(separator: ", ")) now.")
    }

    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome {
        ToolOutcome(.done, "The keys \(digits) would be pressed now.")
    }
}
