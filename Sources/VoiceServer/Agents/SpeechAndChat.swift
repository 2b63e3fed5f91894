import AsyncHTTPClient
import Conversation
import Engines
import Logging
import ServiceLifecycle
import Synchronization

/// The chat and speech services that agents name, each shared by all calls that use it.
final class SpeechAndChat: Service {
    /// What tells one voice, or one pair of ears, from another.
    private struct Key: Hashable {
        var url: String
        var key: Secret?
        var model: String?
        var voice: String?
        var sampleRate: Int?
    }

    private struct Shelf {
        var voices: [Key: CachingSynthesizer] = [:]
        var ears: [Key: any Transcriber] = [:]
    }

    /// Services that nobody uses any more are forgotten when there are more than this.
    private static let mostServices = 64

    /// What the chat endpoints accept, shared by all calls.
    let dialects = ChatDialects()
    private let http: HTTPClient
    private let defaults: OpenAISettings
    private let noteFailure: @Sendable (_ stage: String, _ message: String) -> Void
    private let shelf = Mutex(Shelf())
    private let newVoices: AsyncStream<CachingSynthesizer>
    private let announcer: AsyncStream<CachingSynthesizer>.Continuation

    /// Makes an empty shelf; `noteFailure` is told whenever a service fails.
    init(_ defaults: OpenAISettings, noteFailure: @escaping @Sendable (_ stage: String, _ message: String) -> Void) {
        http = HTTPClient(eventLoopGroupProvider: .shared(ServiceClient.eventLoops), configuration: ServiceClient.configuration())
        self.defaults = defaults
        self.noteFailure = noteFailure
        (newVoices, announcer) = AsyncStream.makeStream()
    }

    deinit {
        http.shutdown { _ in }
    }

    /// Sends requests to chat services and tools.
    var client: ServiceClient { ServiceClient(http) }

    /// Prepares the fixed phrases of all voices until the server stops.
    func run() async throws {
        await cancelWhenGracefulShutdown { [newVoices] in
            await withDiscardingTaskGroup { group in
                for await voice in newVoices { group.addTask { await voice.run() } }
                group.cancelAll()
            }
        }
    }

    /// The server's own voice, with its fixed phrases ready.
    func keepingPhrases(_ voice: any Synthesizer) -> CachingSynthesizer {
        let keeper = CachingSynthesizer(voice)
        announcer.yield(keeper)
        return keeper
    }

    /// A service's voice, and `local` where it fails.
    func voice(_ endpoint: EndpointDefinition, local: any Synthesizer) -> CachingSynthesizer {
        let key = Key(url: endpoint.url, key: endpoint.key, model: endpoint.model, voice: endpoint.voice, sampleRate: endpoint.sampleRate)
        return shelf.withLock { shelf in
            if let voice = shelf.voices[key] { return voice }
            var settings = SpeechServiceConfiguration(baseURL: endpoint.url, key: endpoint.key, model: endpoint.model ?? defaults.ttsModel)
            settings.voice = endpoint.voice ?? defaults.ttsVoice
            if let rate = endpoint.sampleRate ?? defaults.ttsSampleRate { settings.sampleRate = rate }
            let service = HTTPSynthesizer(settings, http: http)
            let pair = FallbackSynthesizer(primary: service, local: local) { [noteFailure] in noteFailure("tts", $0) }
            let voice = CachingSynthesizer(pair, preparing: service)
            if shelf.voices.count >= Self.mostServices {
                shelf.voices.values.forEach { $0.retire() }
                shelf.voices.removeAll()
            }
            shelf.voices[key] = voice
            announcer.yield(voice)
            return voice
        }
    }

    /// A service's ears, and `local` where it fails.
    func ears(_ endpoint: EndpointDefinition, local: any Transcriber) -> any Transcriber {
        let key = Key(url: endpoint.url, key: endpoint.key, model: endpoint.model)
        return shelf.withLock { shelf in
            if let ears = shelf.ears[key] { return ears }
            let model = endpoint.model ?? defaults.sttModel
            let settings = SpeechServiceConfiguration(baseURL: endpoint.url, key: endpoint.key, model: model)
            let ears = FallbackTranscriber(primary: HTTPTranscriber(settings, http: http), local: local) { [noteFailure] in noteFailure("stt", $0) }
            if shelf.ears.count >= Self.mostServices { shelf.ears.removeAll() }
            shelf.ears[key] = ears
            return ears
        }
    }
}
