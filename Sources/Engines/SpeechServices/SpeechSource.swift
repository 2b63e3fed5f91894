import Conversation

/// A voice's chunks, taken one by one; letting go of it before the end stops the voice.
actor SpeechSource {
    private var iterator: AsyncThrowingStream<SpeechChunk, any Error>.Iterator

    /// Takes over a stream that nobody has read.
    init(_ speech: AsyncThrowingStream<SpeechChunk, any Error>) { iterator = speech.makeAsyncIterator() }

    /// The next chunk; nil after the last.
    func next() async throws -> SpeechChunk? {
        var place = iterator
        defer { iterator = place }
        return try await place.next(isolation: self)
    }
}
