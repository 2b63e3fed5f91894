package import Conversation
import CoreMetrics
import Engines
import Foundation
import Logging
import ServiceLifecycle

/// Chooses the engines that the settings name, and loads them while the server already listens.
struct EngineLoader: Service {
    /// The names each kind of engine goes by.
    static let transcribers = ["whisper", "openai", "scripted", "flaky"]
    static let assistants = ["echo", "openai"]
    static let voices = ["flite", "openai", "tone"]

    private let configuration: ServerConfiguration
    private let installation: Installation
    private let whisper: WhisperModel?
    /// What the engines know.
    let languages: SpeechLanguages
    /// The program that tries models in a process of its own; nil where there is none, as in tests.
    private let probeExecutable: String?
    private let services: SpeechAndChat
    private let gate: EngineGate
    private let stopRequest: StopRequest
    private let metricsFactory: any MetricsFactory
    private let logger: Logger
    /// Opened when the server accepts connections: one that cannot has no use for engines.
    let start = OneTimeSignal()
    /// Called once the engines are there.
    var onLoaded: @Sendable () async -> Void = {}

    /// Checks everything that can be checked without loading.
    ///
    /// - Throws: ``StartError`` that names the setting at fault.
    init(
        _ configuration: ServerConfiguration,
        probeExecutable: String?,
        services: SpeechAndChat,
        gate: EngineGate,
        stopRequest: StopRequest,
        metricsFactory: any MetricsFactory,
        logger: Logger
    ) throws(StartError) {
        try Self.checkNames(configuration)
        try configuration.checkServices()
        self.configuration = configuration
        self.probeExecutable = probeExecutable
        self.services = services
        self.gate = gate
        self.stopRequest = stopRequest
        self.metricsFactory = metricsFactory
        self.logger = logger
        do {
            installation = try Installation.locate()
            // A service may fail: then the local engine hears.
            let needsWhisper = ["whisper", "openai"].contains(configuration.stt)
            whisper = needsWhisper ? try WhisperChoice(configuration.whisperModel, installation).model : nil
        } catch {
            throw StartError(error)
        }
        languages = SpeechLanguages(voice: configuration.tts, hearing: configuration.stt, model: whisper, language: configuration.language)
        if let fault = languages.faults(in: configuration.agentFile).first {
            throw StartError(.configuration, "\(configuration.file.map { "\($0):" } ?? "")\(fault)")
        }
        if let problem = languages.problemOfSetting(in: configuration.agentFile) {
            throw StartError(.configuration, "\(SettingKey.language.flag) (\(SettingKey.language.environmentName)): \(problem)")
        }
    }

    /// What sessions store as their `stt_provider`.
    var sttProvider: String { configuration.stt == "whisper" ? "whisper_local" : configuration.stt }

    func run() async throws {
        if await start.wait() { await openGate() }
        // A service that ends by itself while others shut down would count as failed.
        try? await gracefulShutdown()
    }

    private func openGate() async {
        do {
            await gate.open(with: .success(try await load()))
            await onLoaded()
        } catch {
            // The server goes in good order and then says why.
            await gate.open(with: .failure(error))
            stopRequest.make()
        }
    }

    /// Loads the engines.
    private func load() async throws -> CallEngines {
        let begin = ContinuousClock.now
        if let whisper, whisper.folder == installation.bundledModelFolder {
            logger.warning("\(WhisperChoice.bundledNote)", metadata: ["model": "\(whisper.name)"])
        }
        if let whisper, let probeExecutable { try await ModelProbe.probe(model: whisper, executable: probeExecutable) }
        // Reading a model blocks for as long as it takes, so it has a thread of its own.
        let engines = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try makeEngines() }) }
        }
        logger.info(
            "The engines are loaded",
            metadata: ["stt": "\(sttProvider)", "tts": "\(configuration.tts)", "ms": "\(Int(begin.duration(to: .now) / .milliseconds(1)))"]
        )
        return engines
    }

    private func makeEngines() throws -> CallEngines {
        let local: any Transcriber =
            if let whisper {
                try WhisperTranscriber(model: whisper, installation: installation)
            } else if configuration.stt == "flaky" {
                FlakyTranscriber()
            } else {
                ScriptedTranscriber()
            }
        let transcriber = configuration.stt == "openai" ? services.ears(configuration.openAI.ears, local: local) : local
        let voice: any Synthesizer = configuration.tts == "tone" ? ToneSynthesizer() : try FliteSynthesizer()
        return CallEngines(
            voiceActivity: try SileroVoiceActivityDetector(installation: installation),
            transcriber: MeasuredTranscriber(transcriber, factory: metricsFactory),
            assistant: EchoAssistant(),
            synthesizer: configuration.tts == "openai"
                ? services.voice(configuration.openAI.voice, local: voice) : services.keepingPhrases(voice)
        )
    }

    /// Checks that there are such engines.
    static func checkNames(_ configuration: ServerConfiguration) throws(StartError) {
        try check(configuration.stt, key: .stt, among: transcribers)
        try check(configuration.chat, key: .chat, among: assistants)
        try check(configuration.tts, key: .tts, among: voices)
    }

    private static func check(_ name: String, key: SettingKey, among names: [String]) throws(StartError) {
        guard !names.contains(name) else { return }
        let known = names.joined(separator: ", ")
        throw StartError(.configuration, "\(key.flag) (\(key.environmentName)): there is no engine \(LogField.quoted(name)); known are \(known)")
    }
}

extension StartError {
    /// The start error that an engine's failure amounts to.
    package init(_ error: EngineError) {
        switch error.code {
        case .missing: self.init(.missingInput, error.message)
        case .invalid: self.init(.badData, error.message)
        case .overloaded, .failed: self.init(.unavailable, error.description)
        }
    }
}
