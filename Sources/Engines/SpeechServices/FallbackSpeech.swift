import Conversation

/// One text, said by a voice service as far as it gets and by this machine's voice from there on.
///
/// A voice that ends without any sound has failed, unless there is nothing to say.
actor FallbackSpeech {
    private enum State {
        /// Nobody has been asked. Becomes `primary` or `local`.
        case waiting
        /// The service speaks. Becomes `local` or `over`.
        case primary(SpeechSource, ServiceAttempt)
        /// The voice of this machine speaks. Becomes `over`.
        case local(SpeechSource)
        /// All is said, or nobody could.
        case over
    }

    private let text: String
    private let primary: any Synthesizer
    private let local: (any Synthesizer)?
    private let watch: ServiceWatch
    private var state = State.waiting
    private var progress: SpokenProgress
    /// What the service left to be said; set while the local voice says it.
    private var handover: SpokenProgress.Handover?
    /// Whether the local voice has made any sound.
    private var hasLocalSound = false

    init(_ text: String, primary: any Synthesizer, local: (any Synthesizer)?, watch: ServiceWatch) {
        self.text = text
        self.primary = primary
        self.local = local
        self.watch = watch
        progress = SpokenProgress(of: text)
    }

    /// The next chunk; nil after the last.
    func next() async throws -> SpeechChunk? {
        switch state {
        case .waiting:
            guard let attempt = watch.attempt(isOnlyChoice: local == nil) else { return try await goOn() }
            let source = SpeechSource(primary.speak(text))
            state = .primary(source, attempt)
            return try await chunk(from: source, attempt)
        case .primary(let source, let attempt): return try await chunk(from: source, attempt)
        case .local(let source): return try await localChunk(from: source)
        case .over: return nil
        }
    }

    private func chunk(from source: SpeechSource, _ attempt: ServiceAttempt) async throws -> SpeechChunk? {
        do {
            guard let chunk = try await source.next() else {
                try check(progress.hasSound, of: primary, saying: text)
                state = .over
                // A stream whose reader is cancelled ends without a word.
                if !Task.isCancelled { attempt.succeeded() }
                return nil
            }
            if !chunk.samples.isEmpty { attempt.began() }
            progress.heard(chunk)
            return chunk
        } catch {
            attempt.failed(error)
            state = .over
            guard local != nil, !ServiceAttempt.isCancellation(error) else { throw error }
            return try await goOn()
        }
    }

    /// Lets the voice of this machine say what is left.
    private func goOn() async throws -> SpeechChunk? {
        guard let local else { return nil }
        let handover = progress.handover
        self.handover = handover
        let source = SpeechSource(local.speak(handover.rest))
        state = .local(source)
        return try await localChunk(from: source)
    }

    private func localChunk(from source: SpeechSource) async throws -> SpeechChunk? {
        guard var chunk = try await source.next() else {
            state = .over
            if let local, let handover { try check(hasLocalSound, of: local, saying: handover.rest) }
            return nil
        }
        hasLocalSound = hasLocalSound || !chunk.samples.isEmpty
        guard let handover, !chunk.words.isEmpty else { return chunk }
        let words = chunk.words.map { WordTiming(index: $0.index + handover.wordCount, endMs: $0.endMs + handover.milliseconds) }
        chunk.words = handover.untold + words
        self.handover?.untold = []
        return chunk
    }

    /// Makes a failure of a voice that ended without any sound, although there was something to say.
    private func check(_ hasSound: Bool, of voice: any Synthesizer, saying text: String) throws {
        guard !hasSound, !Task.isCancelled, SpeakableText.hasWords(text) else { return }
        throw EngineError(.failed, "the voice \(voice.providerName) made no sound")
    }
}
