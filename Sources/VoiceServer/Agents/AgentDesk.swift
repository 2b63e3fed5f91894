import Conversation
import Engines
import Foundation
import Logging

/// Finds the agent that answers a call, and everything the call is held with.
struct AgentDesk: Sendable {
    /// The server's settings: what an agent does not say is as they say.
    let settings: ServerConfiguration
    /// The agents of the configuration file, as it is now.
    let book: AgentBook
    /// Chat and speech services.
    let services: SpeechAndChat
    /// Twilio's REST API; nil without credentials, or where the caller is only listened to.
    let telephony: (any Telephony)?
    /// Calls people for callers; nil without ``telephony``.
    let transfers: (any CallerTransfer)?
    /// Sees to it that all that was recorded of a session is durable; false where it cannot be.
    let writeDown: @Sendable (SessionRecord) async -> Bool
    /// Counts the tokens of an agent's answers.
    let countTokens: @Sendable (_ agent: String, ChatUsage) -> Void
    private let phrasePieces = PhrasePieces()

    /// Who answers a number.
    func agent(forNumber number: String) -> AgentDefinition {
        speaking(book.agent(forNumber: number) ?? .usual)
    }

    /// Who answers when no number is known.
    var usualAgent: AgentDefinition { speaking(.usual) }

    /// Everyone who answers calls.
    var agents: [AgentDefinition] { book.agents.map(speaking) + [usualAgent] }

    /// An agent with the server's language if it names none.
    func speaking(_ agent: AgentDefinition) -> AgentDefinition {
        var agent = agent
        agent.language = agent.language ?? settings.language
        return agent
    }

    /// How a session's call is held.
    func configuration(of agent: AgentDefinition, _ session: SessionRecord, now: Int) -> CallMachine.Configuration {
        var call = settings.streamedCall(by: agent)
        call.tools = plans(of: agent)
        if telephony == nil { call.waiting = [:] }
        if case .transfer = call.silence.lastResort, telephony == nil { call.silence.lastResort = .goodbye }
        return call.limited(session, now: now)
    }

    /// The engines of a session's call; `loaded` are the server's own.
    func engines(of agent: AgentDefinition, _ session: SessionRecord, loaded: CallEngines) -> CallEngines {
        var engines = loaded
        if let hearing = agent.hearing { engines.transcriber = services.ears(hearing, local: loaded.transcriber) }
        if agent.findsOutLanguage {
            engines.transcriber = engines.transcriber.listening(for: nil)
        } else if let language = agent.spokenLanguage {
            engines.transcriber = engines.transcriber.listening(for: language)
        }
        engines.synthesizer = voice(of: agent, loaded: loaded)
        engines.assistant = assistant(of: agent, from: session.from, to: session.to) ?? EchoAssistant()
        engines.tools = tools(of: agent, session)
        engines.sounds = CallSounds(music: agent.hold.music ?? [])
        return engines
    }

    /// What runs the tools of a session's call.
    func tools(of agent: AgentDefinition, _ session: SessionRecord) -> CallTools {
        CallTools(
            session: session,
            services: HTTPToolRunner(agent.httpTools, client: services.client, session: session.id),
            telephony: telephony,
            transfers: transfers,
            agent: agent,
            voice: LineVoice(agent),
            writeDown: writeDown
        )
    }

    /// The voice that an agent speaks with.
    func voice(of agent: AgentDefinition, loaded: CallEngines) -> any Synthesizer {
        agent.voice.map { services.voice($0, local: loaded.synthesizer) } ?? loaded.synthesizer
    }

    /// What thinks for an agent; nil where it only repeats.
    func assistant(of agent: AgentDefinition, from caller: String, to called: String) -> ChatAssistant? {
        guard agent.speaks(settings) == .openai, let configuration = chat(of: agent, from: caller, to: called) else { return nil }
        return ChatAssistant(configuration, client: services.client, dialects: services.dialects) { [countTokens] in countTokens(agent.name, $0) }
    }

    /// Has what the agent will say first made ready before it is to be said.
    func prepare(_ agent: AgentDefinition, loaded: CallEngines) {
        guard settings.streamMode == .connect, let voice = voice(of: agent, loaded: loaded) as? CachingSynthesizer else { return }
        var call = settings.streamedCall(by: agent)
        call.tools = plans(of: agent)
        for phrase in call.fixedPhrases { phrasePieces.pieces(of: phrase, in: call.turns.language).forEach { voice.prepare($0) } }
    }

    /// Says which agents speak a language without word lists.
    func noteUnlistedLanguages(_ logger: Logger) {
        for agent in agents {
            guard let language = agent.spokenLanguage, !EndpointRule.hasWords(of: language) else { continue }
            logger.notice(
                "No word lists for this language; turns end after the default silence",
                metadata: ["agent": "\(agent.name)", "language": "\(language)"]
            )
        }
    }

    /// Says which agents' tools are left out because there is no access to Twilio's REST API.
    func warnOfMissingAccount(_ logger: Logger) {
        guard telephony == nil else { return }
        let names = [BuiltInTool.transferCall, .sendDTMF].map(\.rawValue)
        for agent in book.agents {
            let missing = agent.tools.map(\.name).filter(names.contains)
            guard !missing.isEmpty else { continue }
            logger.warning(
                "Tools are left out: they need TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
                metadata: ["agent": "\(agent.name)", "tools": "\(missing.joined(separator: " "))"]
            )
        }
    }

    /// The tools that an agent can use here; those that need Twilio's REST API are left out without it.
    private func available(to agent: AgentDefinition) -> [AgentTool] {
        agent.tools.filter { tool in
            switch tool {
            case .declared: true
            // Beside a one-way stream the call goes on whatever the agent does.
            case .builtIn(.endCall), .builtIn(.holdCall), .builtIn(.muteCaller): settings.streamMode == .connect
            case .builtIn(.transferCall): telephony != nil && !agent.transfers.isEmpty
            case .builtIn(.sendDTMF): telephony != nil
            }
        }
    }

    private func plans(of agent: AgentDefinition) -> [String: ToolPlan] {
        // One who repeats calls nothing.
        guard agent.speaks(settings) == .openai else { return [:] }
        var plans = Dictionary(available(to: agent).map { ($0.name, $0.plan) }) { first, _ in first }
        for (name, limit) in agent.toolLimits { plans[name]?.limit = limit }
        // The last resort may need it, whether or not the assistant may.
        if agent.silence.then == .transfer { plans[BuiltInTool.transferCall.rawValue] = AgentTool.builtIn(.transferCall).plan }
        return plans
    }

    private func chat(of agent: AgentDefinition, from caller: String, to called: String) -> ChatConfiguration? {
        let named = agent.endpoints.isEmpty ? [settings.openAI.endpoint, settings.openAI.fallback].compactMap(\.self) : agent.endpoints
        let endpoints = named.compactMap { endpoint in
            try? ChatEndpoint(baseURL: endpoint.url, key: endpoint.key, model: endpoint.model ?? settings.openAI.endpoint.model ?? "")
        }
        guard let primary = endpoints.first else { return nil }
        var chat = ChatConfiguration(
            primary: primary,
            fallback: endpoints.dropFirst().first,
            systemPrompt: AgentPrompt(agent.prompt ?? settings.prompt).text(caller: caller, called: called, at: .now),
            temperature: agent.temperature,
            maxTokens: agent.maxTokens,
            tools: available(to: agent).compactMap { $0.declaration(transfers: agent.transfers) }
        )
        if let ms = agent.firstTokenMs { chat.firstTokenMs = ms }
        if let ms = agent.betweenTokensMs { chat.betweenTokensMs = ms }
        if let retries = agent.retries { chat.retries = retries }
        chat.totalMs = agent.silence.giveUpAfterMs
        chat.memoryTokens = (agent.memory ?? .init()).tokens
        return chat
    }
}

extension AgentDefinition {
    /// The agent of a server without agents, and of numbers that none of them answers: as the settings say.
    static let usual: AgentDefinition = {
        var agent = AgentDefinition(name: "default")
        agent.tools = [.builtIn(.endCall), .builtIn(.sendDTMF)]
        return agent
    }()

    /// What answers for it.
    func speaks(_ settings: ServerConfiguration) -> Chat {
        chat ?? (settings.chat == Chat.openai.rawValue ? .openai : .echo)
    }

    /// The operator's own tools that it may use.
    var httpTools: [HTTPTool] {
        tools.compactMap { if case .declared(let tool) = $0 { tool.httpTool } else { nil } }
    }
}
