/// Every setting of the server, by its name in a configuration file.
package enum SettingKey: String, Sendable, CaseIterable {
    case host
    case port
    case publicURL = "public_url"
    case tlsCert = "tls_cert"
    case tlsKey = "tls_key"
    case dataDir = "data_dir"
    case apiToken = "api_token"
    case twilioAccountSid = "twilio_account_sid"
    case twilioAuthToken = "twilio_auth_token"
    case twilioAuthTokenSecondary = "twilio_auth_token_secondary"
    case twilioAPIBaseURL = "twilio_api_base_url"
    case redisURL = "redis_url"
    case streamMode = "stream_mode"
    case streamEvents = "stream_events"
    case language
    case stt
    case whisperModel = "whisper_model"
    case segmentation
    case endSilenceMs = "end_silence_ms"
    case welcome
    case greeting
    case greetingProtectedMs = "greeting_protected_ms"
    case idlePromptSeconds = "idle_prompt_seconds"
    case idlePrompt = "idle_prompt"
    case idleGoodbye = "idle_goodbye"
    case digitsInterrupt = "digits_interrupt"
    case chat
    case tts
    case prompt
    case openaiBaseURL = "openai_base_url"
    case openaiAPIKey = "openai_api_key"
    case openaiModel = "openai_model"
    case openaiFallbackBaseURL = "openai_fallback_base_url"
    case openaiFallbackAPIKey = "openai_fallback_api_key"
    case openaiFallbackModel = "openai_fallback_model"
    case openaiSTTModel = "openai_stt_model"
    case openaiTTSModel = "openai_tts_model"
    case openaiTTSVoice = "openai_tts_voice"
    case openaiTTSSampleRate = "openai_tts_sample_rate"
    case journal
    case callsPerNumberPerHour = "calls_per_number_per_hour"
    case callsPerMinute = "calls_per_minute"
    case concurrentCalls = "concurrent_calls"
    case blockedNumbers = "blocked_numbers"
    case allowedNumbers = "allowed_numbers"
    case refusal
    case longestCallSeconds = "longest_call_seconds"
    case timeLimitGoodbye = "time_limit_goodbye"
    case overloadLatenessMs = "overload_lateness_ms"
    case overloadQueueMs = "overload_queue_ms"
    case keepDays = "keep_days"
    case drainSeconds = "drain_seconds"
    case resumeSeconds = "resume_seconds"
    case resumeApology = "resume_apology"
    case logLevel = "log_level"
    case logFormat = "log_format"
    case logTranscripts = "log_transcripts"
    case maskNumbers = "mask_numbers"

    /// The environment variable: `AGENTOS_` and the name, or the name that others have given it: what is Twilio's or OpenAI's, the address of
    /// Redis.
    package var environmentName: String {
        let name = rawValue.uppercased()
        let isOthers = rawValue.hasPrefix("twilio_") || rawValue.hasPrefix("openai_") || self == .redisURL
        return isOthers ? name : "AGENTOS_\(name)"
    }

    /// The flag of `agentos webui start`.
    package var flag: String { "--" + rawValue.replacing("_", with: "-") }

    /// Whether the value must never be shown.
    var isSecret: Bool {
        [.apiToken, .twilioAuthToken, .twilioAuthTokenSecondary, .redisURL, .openaiAPIKey, .openaiFallbackAPIKey].contains(self)
    }

    /// Whether it is text for callers or assistants, which is taken as it stands: `${NAME}` in it is no variable.
    var isText: Bool {
        [.welcome, .greeting, .idlePrompt, .idleGoodbye, .timeLimitGoodbye, .resumeApology, .prompt].contains(self)
    }

    /// Variables that other parts of the product read.
    static let otherVariables: Set<String> = ["AGENTOS_HOME", "AGENTOS_MODELS_DIR"]
}
