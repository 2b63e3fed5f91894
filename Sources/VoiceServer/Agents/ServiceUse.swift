/// A chat or speech service that calls will use, and who uses it.
package struct ServiceUse: Sendable, Equatable {
    /// What it is for.
    package enum Purpose: String, Sendable {
        case chat
        /// Speech recognition.
        case hearing
        case voice
    }

    /// What it is for.
    package var purpose: Purpose
    /// The service, its model filled in.
    package var endpoint: EndpointDefinition
    /// The agents whose calls use it.
    package var agents: [String]
    /// Whether it is asked only if another one fails.
    package var isFallback = false
    /// Whether another one is asked if it fails; speech services always have the local engine.
    package var hasFallback = false
}

extension ServerConfiguration {
    /// The agents that answer calls; the usual one where no agent of the file answers all other numbers.
    private var answering: [AgentDefinition] {
        agentFile.agents + (agentFile.agents.contains { $0.numbers.isEmpty } ? [] : [.usual])
    }

    /// The services that calls will use, each once for each purpose.
    package var serviceUses: [ServiceUse] {
        var uses: [ServiceUse] = []
        for agent in answering {
            if agent.speaks(self) == .openai {
                let named = agent.endpoints.isEmpty ? [openAI.endpoint, openAI.fallback].compactMap(\.self) : agent.endpoints
                for (index, endpoint) in named.enumerated() {
                    let isFirst = index == 0
                    add(endpoint, .chat, openAI.endpoint.model, agent, isFallback: !isFirst, hasFallback: isFirst && named.count > 1, to: &uses)
                }
            }
            if let hearing = agent.hearing ?? (stt == "openai" ? openAI.ears : nil) {
                add(hearing, .hearing, openAI.sttModel, agent, hasFallback: true, to: &uses)
            }
            if let voice = agent.voice ?? (tts == "openai" ? openAI.voice : nil) {
                add(voice, .voice, openAI.ttsModel, agent, hasFallback: true, to: &uses)
            }
        }
        return uses
    }

    private func add(
        _ endpoint: EndpointDefinition,
        _ purpose: ServiceUse.Purpose,
        _ model: String?,
        _ agent: AgentDefinition,
        isFallback: Bool = false,
        hasFallback: Bool,
        to uses: inout [ServiceUse]
    ) {
        var endpoint = endpoint
        endpoint.model = endpoint.model ?? model
        var use = ServiceUse(purpose: purpose, endpoint: endpoint, agents: [], isFallback: isFallback, hasFallback: hasFallback)
        for index in uses.indices {
            use.agents = uses[index].agents
            guard use == uses[index] else { continue }
            uses[index].agents.append(agent.name)
            return
        }
        use.agents = [agent.name]
        uses.append(use)
    }

    /// The operator's own tools that agents may call, each once.
    package var toolsInUse: [ToolDefinition] {
        let tools = answering.filter { $0.speaks(self) == .openai }.flatMap(\.tools).compactMap { tool -> ToolDefinition? in
            if case .declared(let tool) = tool { tool } else { nil }
        }
        return tools.reduce(into: []) { known, tool in if !known.contains(where: { $0.name == tool.name }) { known.append(tool) } }
    }

    /// The agents that ask a model which is told nothing of what they are for.
    package var agentsWithoutPrompt: [String] {
        answering.filter { $0.speaks(self) == .openai && $0.prompt == nil && prompt == nil }.map(\.name)
    }

    /// What the server's own prompt has that is not filled in, although it looks so.
    package var promptProblems: [String] { AgentPrompt.unfilled(in: prompt ?? "") }

    /// The certificate that the server shows; nil where it does not secure connections itself.
    package var tlsCertificate: String? { tls?.certificate }

    /// Reads certificate and key as a start does.
    package func checkTLS() throws(StartError) {
        if let tls { _ = try TLSIdentity(tls) }
    }
}
