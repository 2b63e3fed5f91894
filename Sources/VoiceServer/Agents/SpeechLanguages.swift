import Conversation
import Engines

/// Which languages the server's own voice and recogniser know, so that an agent with another language is refused before its first call.
struct SpeechLanguages: Sendable {
    /// The voice of agents that name none.
    let voice: String
    /// The recogniser of agents that name none.
    let hearing: String
    /// The local speech model; nil if it is not known.
    let model: WhisperModel?

    /// Describes the engines by the names that the settings give them.
    init(voice: String, hearing: String, model: WhisperModel?) {
        self.voice = voice
        self.hearing = hearing
        self.model = model
    }

    /// Describes the engines that a start with these settings of a file would load.
    init(_ file: AgentFile, environment: [String: String]) {
        let usual = ServerConfiguration()
        hearing = file.given(.stt, environment) ?? usual.stt
        voice = file.given(.tts, environment) ?? usual.tts
        // What is wrong with the model itself is another check's affair.
        let installation = hearing == "whisper" ? try? Installation.locate() : nil
        model = installation.flatMap { try? WhisperChoice(file.given(.whisperModel, environment), $0).model }
    }

    /// The agents whose language cannot be heard or spoken.
    func faults(in file: AgentFile) -> [ConfigurationFault] {
        file.agents.compactMap { agent in
            guard let problem = problem(of: agent), let place = file.languagePlaces[agent.name] else { return nil }
            return ConfigurationFault(place: place.place, path: place.value, message: problem)
        }
    }

    /// Why an agent's language cannot be heard or spoken, and what to do; nil if it can.
    private func problem(of agent: AgentDefinition) -> String? {
        guard let tag = agent.language, let language = SpeechLanguage(tag) else { return nil }
        if agent.voice == nil, voice == "flite", language.code != "en" {
            return "the voice flite knows English only, not \(tag); give the agent a `voice` from `endpoints`, or set `tts: openai`"
        }
        if agent.hearing == nil, hearing == "whisper", let model, model.code(for: language.code) == nil {
            return """
                \(model.unknown(language.code).message); the agent's language is \(tag): set `whisper_model` to one of many languages \
                (`agentos models list`), give the agent a `hearing` from `endpoints`, or set `stt: openai`
                """
        }
        return nil
    }
}
