import ArgumentParser
import VoiceServer

/// The services that speak OpenAI's protocol, for agents that name none of their own.
///
/// Keys come from the environment or the file alone.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What the assistant is told it is (AGENTOS_PROMPT).", valueName: "text"))
    var prompt: String?

    @Option(help: ArgumentHelp("Service for chat and speech (OPENAI_BASE_URL, default https://api.openai.com/v1).", valueName: "url"))
    var openaiBaseUrl: String?

    @Option(help: ArgumentHelp("Chat model (OPENAI_MODEL, default gpt-4o-mini).", valueName: "model"))
    var openaiModel: String?

    @Option(help: ArgumentHelp("Chat service for when the first one fails (OPENAI_FALLBACK_BASE_URL).", valueName: "url"))
    var openaiFallbackBaseUrl: String?

    @Option(help: ArgumentHelp("Its model (OPENAI_FALLBACK_MODEL, default the first one's).", valueName: "model"))
    var openaiFallbackModel: String?

    @Option(name: .customLong("openai-stt-model"), help: ArgumentHelp("Recognises speech (OPENAI_STT_MODEL, default whisper-1).", valueName: "model"))
    var openaiSTTModel: String?

    @Option(name: .customLong("openai-tts-model"), help: ArgumentHelp("Speaks (OPENAI_TTS_MODEL, default gpt-4o-mini-tts).", valueName: "model"))
    var openaiTTSModel: String?

    @Option(name: .customLong("openai-tts-voice"), help: ArgumentHelp("The voice it has (OPENAI_TTS_VOICE, default alloy).", valueName: "voice"))
    var openaiTTSVoice: String?

    @Option(
        name: .customLong("openai-tts-sample-rate"),
        help: ArgumentHelp("Rate of its bare samples (OPENAI_TTS_SAMPLE_RATE, default 24000).", valueName: "hz")
    )
    var openaiTTSSampleRate: Int?

    @Option(name: .customLong("twilio-api-base-url"), help: ArgumentHelp("Where Twilio's REST API is (TWILIO_API_BASE_URL).", valueName: "url"))
    var twilioAPIBaseURL: String?

    /// The flags that were given.
    var given: [SettingKey: String?] {
        [
            .prompt: prompt, .openaiBaseURL: openaiBaseUrl, .openaiModel: openaiModel, .openaiFallbackBaseURL: openaiFallbackBaseUrl,
            .openaiFallbackModel: openaiFallbackModel, .openaiSTTModel: openaiSTTModel, .openaiTTSModel: openaiTTSModel,
            .openaiTTSVoice: openaiTTSVoice, .openaiTTSSampleRate: openaiTTSSampleRate.map { String($0) }, .twilioAPIBaseURL: twilioAPIBaseURL,
        ]
    }
}
