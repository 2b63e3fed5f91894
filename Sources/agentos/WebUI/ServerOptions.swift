import ArgumentParser
import Foundation
import VoiceServer

/// The settings of a server as flags; each has an environment variable and a name in the configuration file, too.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address to listen on (AGENTOS_HOST, default 127.0.0.1).")
    var host: String?

    @Option(help: "Port to listen on (AGENTOS_PORT, default 8000); 0 lets the system choose.")
    var port: String?

    @Option(help: ArgumentHelp("YAML file of settings and agents; `agentos config example` shows one.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Folder of the database and token (AGENTOS_DATA_DIR, default .agentos).", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Base of the address Twilio uses, such as https://voice.example.com (AGENTOS_PUBLIC_URL).", valueName: "url"))
    var publicUrl: String?

    @Option(help: ArgumentHelp("Certificate chain, PEM; with --tls-key the server speaks https itself (AGENTOS_TLS_CERT).", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key, PEM (AGENTOS_TLS_KEY).", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("Speech to text: whisper or openai, or scripted for load tests (AGENTOS_STT).", valueName: "name"))
    var stt: String?

    @Option(help: ArgumentHelp("Language of agents that name none, such as de or pt-BR (AGENTOS_LANGUAGE, default en).", valueName: "language"))
    var language: String?

    @Option(help: ArgumentHelp("Whisper model: a name or a folder (AGENTOS_WHISPER_MODEL).", valueName: "model"))
    var whisperModel: String?

    @Option(help: ArgumentHelp("Assistant: echo or openai (AGENTOS_CHAT).", valueName: "name"))
    var chat: String?

    @Option(help: ArgumentHelp("Voice: flite or openai, or tone for load tests (AGENTOS_TTS).", valueName: "name"))
    var tts: String?

    @Option(help: ArgumentHelp("connect: two-way stream; start: the original's one-way stream (AGENTOS_STREAM_MODE).", valueName: "mode"))
    var streamMode: String?

    @Option(help: ArgumentHelp("JSON events on the media socket: auto, always or never (AGENTOS_STREAM_EVENTS).", valueName: "when"))
    var streamEvents: String?

    @Option(help: ArgumentHelp("turns, or fixed for the original's three-second rule (AGENTOS_SEGMENTATION).", valueName: "rule"))
    var segmentation: String?

    @Option(help: ArgumentHelp("Silence that ends an utterance, in ms (AGENTOS_END_SILENCE_MS, default 700).", valueName: "ms"))
    var endSilenceMs: String?

    @Option(
        help: ArgumentHelp(
            "Said by Twilio before the stream opens; empty for nothing (AGENTOS_WELCOME, default \"Connecting to agent.\").",
            valueName: "text"
        )
    )
    var welcome: String?

    @Option(help: ArgumentHelp("Said when a call begins (AGENTOS_GREETING, default nothing).", valueName: "text"))
    var greeting: String?

    @Option(help: ArgumentHelp("Greeting that nobody can interrupt, in ms (AGENTOS_GREETING_PROTECTED_MS, default 0).", valueName: "ms"))
    var greetingProtectedMs: String?

    @Option(
        help: ArgumentHelp("Silence after which the caller is spoken to; 0: never (AGENTOS_IDLE_PROMPT_SECONDS, default 10).", valueName: "seconds")
    )
    var idlePromptSeconds: String?

    @Option(help: ArgumentHelp("What is said then (AGENTOS_IDLE_PROMPT, default \"Are you still there?\").", valueName: "text"))
    var idlePrompt: String?

    @Option(help: ArgumentHelp("Said before a silent caller is hung up on (AGENTOS_IDLE_GOODBYE).", valueName: "text"))
    var idleGoodbye: String?

    @Option(help: ArgumentHelp("Whether a key cuts the answer and keys are a turn: true or false (AGENTOS_DIGITS_INTERRUPT).", valueName: "truth"))
    var digitsInterrupt: String?

    @Option(help: ArgumentHelp("on: keep each call's events and decisions for `agentos replay` (AGENTOS_JOURNAL, default off).", valueName: "mode"))
    var journal: String?

    @OptionGroup(title: "Chat and speech services")
    var services: ServiceOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    @Option(help: ArgumentHelp("How long running calls may go on at SIGTERM (AGENTOS_DRAIN_SECONDS, default 30).", valueName: "seconds"))
    var drainSeconds: String?

    @Option(
        help: ArgumentHelp("How long a call whose line was lost may take to come back (AGENTOS_RESUME_SECONDS, default 10).", valueName: "seconds")
    )
    var resumeSeconds: String?

    @Option(help: ArgumentHelp("Said to a caller whose line was lost and is back (AGENTOS_RESUME_APOLOGY).", valueName: "text"))
    var resumeApology: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical (AGENTOS_LOG_LEVEL, default info).", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("text, or json: one object a line (AGENTOS_LOG_FORMAT, default text).", valueName: "format"))
    var logFormat: String?

    @Option(help: ArgumentHelp("Whether the log holds what is said: true or false (AGENTOS_LOG_TRANSCRIPTS, default true).", valueName: "truth"))
    var logTranscripts: String?

    @Option(help: ArgumentHelp("Hide telephone numbers in the log: true or false (AGENTOS_MASK_NUMBERS, default false).", valueName: "truth"))
    var maskNumbers: String?

    /// The settings from flags, environment and file.
    func read() throws -> ServerConfiguration {
        let given: [SettingKey: String?] = [
            .host: host, .port: port, .dataDir: dataDir, .publicURL: publicUrl, .tlsCert: tlsCert, .tlsKey: tlsKey,
            .language: language, .stt: stt, .whisperModel: whisperModel, .chat: chat, .tts: tts, .streamMode: streamMode,
            .streamEvents: streamEvents, .segmentation: segmentation, .endSilenceMs: endSilenceMs,
            .welcome: welcome, .greeting: greeting, .greetingProtectedMs: greetingProtectedMs, .idlePromptSeconds: idlePromptSeconds,
            .idlePrompt: idlePrompt,
            .idleGoodbye: idleGoodbye, .digitsInterrupt: digitsInterrupt, .journal: journal, .drainSeconds: drainSeconds,
            .resumeSeconds: resumeSeconds, .resumeApology: resumeApology, .logLevel: logLevel, .logFormat: logFormat,
            .logTranscripts: logTranscripts, .maskNumbers: maskNumbers,
        ]
        let flags = given.merging(limits.given) { one, _ in one }.merging(services.given) { one, _ in one }.compactMapValues(\.self)
        return try ServerConfiguration(flags: flags, environment: ProcessInfo.processInfo.environment, file: config)
    }
}
