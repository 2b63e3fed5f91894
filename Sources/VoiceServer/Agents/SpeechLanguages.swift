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
    /// The language of agents that name none; nil for English.
    let language: String?

    /// Describes the engines by the names that the settings give them.
    init(voice: String, hearing: String, model: WhisperModel?, language: String? = nil) {
        self.voice = voice
        self.hearing = hearing
        self.model = model
        self.language = language
    }

    /// Describes the engines that a start with these settings of a file would load.
    init(_ file: AgentFile, environment: [String: String]) {
        let usual = ServerConfiguration()
        hearing = file.given(.stt, environment) ?? usual.stt
        voice = file.given(.tts, environment) ?? usual.tts
        language = file.given(.language, environment)
        // What is wrong with the model itself is another check's affair.
        let installation = hearing == "whisper" ? try? Installation.locate() : nil
        model = installation.flatMap { try? WhisperChoice(file.given(.whisperModel, environment), $0).model }
    }

    /// The agents whose language cannot be heard or spoken.
    func faults(in file: AgentFile) -> [ConfigurationFault] {
        let own = file.agents.compactMap { agent -> ConfigurationFault? in
            guard let problem = problem(of: agent), let place = file.languagePlaces[agent.name] else { return nil }
            return ConfigurationFault(place: place.place, path: place.value, message: problem)
        }
        guard let setting = file.settings[.language], setting.value == language, let problem = problemOfSetting(in: file) else { return own }
        return own + [ConfigurationFault(place: setting.place, path: SettingKey.language.rawValue, message: problem)]
    }

    /// Why the agents that name no language cannot speak or hear the server's; nil if they can.
    func problemOfSetting(in file: AgentFile) -> String? {
        let agents = file.agents.isEmpty ? [AgentDefinition.usual] : file.agents.filter { $0.language == nil }
        return agents.lazy.compactMap { agent in
            var agent = agent
            agent.language = language
            return problem(of: agent)
        }.first
    }

    /// Why an agent's language cannot be heard or spoken, and what to do; nil if it can.
    private func problem(of agent: AgentDefinition) -> String? {
        if agent.findsOutLanguage { return problemOfAny(agent) }
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

    /// Why an agent cannot find out what its callers speak, and what to do; nil if it can.
    private func problemOfAny(_ agent: AgentDefinition) -> String? {
        if agent.voice == nil, voice == "flite" {
            return "the voice flite knows English only, so it cannot answer in the caller's language; give the agent a `voice`, or set `tts: openai`"
        }
        if agent.hearing == nil, hearing == "whisper", let model, model.languages.isEmpty {
            return "the speech model \(model.name) knows English only; set `whisper_model` to one of many languages (`agentos models list`)"
        }
        return nil
    }
}
