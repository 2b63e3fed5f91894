import Conversation

/// A text that is being prepared while somebody wants to hear it: the phrase once it is there, else the voice itself.
actor AwaitedPhrase {
    private enum State {
        /// The preparation goes on. Becomes `phrase` or `voice`.
        case waiting
        /// These chunks of the phrase are left.
        case phrase(ArraySlice<SpeechChunk>)
        /// The preparation failed and the voice speaks.
        case voice(SpeechSource)
    }

    private let delivery: Delivery<Phrase?>
    private let speak: @Sendable () -> AsyncThrowingStream<SpeechChunk, any Error>
    private var state = State.waiting

    init(_ delivery: Delivery<Phrase?>, orElse speak: @escaping @Sendable () -> AsyncThrowingStream<SpeechChunk, any Error>) {
        self.delivery = delivery
        self.speak = speak
    }

    /// The next chunk; nil after the last.
    func next() async throws -> SpeechChunk? {
        if case .waiting = state {
            let phrase = try await delivery.value()
            state = phrase.map { .phrase($0.chunks[...]) } ?? .voice(SpeechSource(speak()))
        }
        switch state {
        case .waiting: return nil
        case .phrase(let chunks):
            state = .phrase(chunks.dropFirst())
            return chunks.first
        case .voice(let source): return try await source.next()
        }
    }
}
