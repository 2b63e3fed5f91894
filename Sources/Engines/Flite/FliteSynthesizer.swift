package import Conversation

/// Text to speech with flite's voice slt: female, US English, no download.
///
/// A text that is mostly in another script than Latin is refused; see ``SpeakableText``. Worker threads synthesise sentence by sentence and stop
/// within 80 ms of sound when the listener has gone. Texts beyond 2,000 characters end after the last whole sentence. Chunks wait unread without
/// limit; the limit on the text bounds them to some two minutes (2 MB).
package struct FliteSynthesizer: Synthesizer {
    package let providerName = "flite"
    private let voice: FliteVoice
    private let pool: WorkerPool

    /// Sets the voice up.
    ///
    /// - Parameters:
    ///   - workers: how many texts are spoken at once; one second of speech takes a worker about 10 ms.
    ///   - queueLimit: how many more may wait; beyond that the stream throws ``EngineError`` `overloaded`.
    /// - Throws: ``EngineError`` with `failed` where flite could not be set up.
    package init(workers: Int = WorkerPool.defaultThreads, queueLimit: Int = 256) throws(EngineError) {
        guard let voice = FliteVoice.shared else { throw EngineError(.failed, "the voice slt could not be set up: install flite1-dev again") }
        self.voice = voice
        pool = WorkerPool(name: "flite", threads: workers, queueLimit: queueLimit)
    }

    package func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        AsyncThrowingStream { continuation in
            guard SpeakableText.hasWords(text) else { return continuation.finish() }
            do {
                let work = try pool.start { [voice] _ in
                    continuation.finish(throwing: Self.failure { try Self.say(text, with: voice, to: continuation) })
                }
                continuation.onTermination = { [pool] _ in pool.cancel(work) }
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    private static func say(
        _ text: String,
        with voice: FliteVoice,
        to continuation: AsyncThrowingStream<SpeechChunk, any Error>.Continuation
    ) throws {
        let pieces = try SpeakableText(text).pieces
        let utterance = try FliteUtterance { chunk in
            if case .terminated = continuation.yield(chunk) { return false }
            return true
        }
        for piece in pieces where !utterance.isStopped { try voice.speak(piece, into: utterance) }
        utterance.finish()
        guard utterance.hasSound || utterance.isStopped else { throw EngineError(.failed, "the voice flite made no sound of \"\(text.prefix(40))\"") }
    }

    private static func failure(_ body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
