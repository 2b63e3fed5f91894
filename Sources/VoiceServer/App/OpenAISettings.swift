import Engines

/// The services that speak OpenAI's protocol, for agents that name none of their own.
package struct OpenAISettings: Sendable, Equatable {
    /// Chat and speech.
    package var endpoint = EndpointDefinition(name: "openai", url: "https://api.openai.com/v1", model: "gpt-4o-mini")
    /// Chat, for when the first one fails; nil for none.
    package var fallback: EndpointDefinition?
    /// The model that recognises speech.
    package var sttModel = "whisper-1"
    /// The model that speaks.
    package var ttsModel = "gpt-4o-mini-tts"
    /// The voice it speaks with.
    package var ttsVoice = "alloy"

    /// Samples a second of its bare samples, in Hz; nil for OpenAI's 24,000.
    package var ttsSampleRate: Int?

    /// The service that recognises speech.
    var ears: EndpointDefinition { EndpointDefinition(name: "openai", url: endpoint.url, key: endpoint.key, model: sttModel) }

    /// The service that speaks.
    var voice: EndpointDefinition {
        EndpointDefinition(name: "openai", url: endpoint.url, key: endpoint.key, model: ttsModel, voice: ttsVoice)
    }

    /// The defaults.
    package init() {}

    /// Reads them.
    init(_ reader: SettingReader) throws(StartError) {
        if let value = try reader.serviceURL(.openaiBaseURL) { endpoint.url = value }
        endpoint.key = try Self.key(.openaiAPIKey, reader)
        if let value = reader.text(.openaiModel) { endpoint.model = value }
        if let value = reader.text(.openaiSTTModel) { sttModel = value }
        if let value = reader.text(.openaiTTSModel) { ttsModel = value }
        if let value = reader.text(.openaiTTSVoice) { ttsVoice = value }
        ttsSampleRate = try reader.number(.openaiTTSSampleRate, in: EndpointDefinition.sampleRates)
        fallback = try Self.fallback(reader, model: endpoint.model)
    }

    private static func fallback(_ reader: SettingReader, model: String?) throws(StartError) -> EndpointDefinition? {
        let key = try key(.openaiFallbackAPIKey, reader)
        let given = reader.text(.openaiFallbackModel)
        if let url = try reader.serviceURL(.openaiFallbackBaseURL) {
            return EndpointDefinition(name: "openai_fallback", url: url, key: key, model: given ?? model)
        }
        let needed = "needs \(SettingKey.openaiFallbackBaseURL.environmentName) beside it"
        if given != nil { throw reader.fault(.openaiFallbackModel, needed) }
        if key != nil { throw reader.fault(.openaiFallbackAPIKey, needed) }
        return nil
    }

    /// A key as a header can carry it.
    private static func key(_ key: SettingKey, _ reader: SettingReader) throws(StartError) -> Secret? {
        guard let text = reader.text(key) else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { throw reader.fault(key, "holds characters that a key cannot have") }
        return Secret(text)
    }
}
