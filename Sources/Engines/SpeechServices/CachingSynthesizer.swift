package import Conversation
import Synchronization

/// A voice that has its fixed phrases ready: they are synthesised once, and every call is played the same audio.
///
/// At most 64 phrases of 4 MiB are kept. A text that is not among them, or could not be prepared, is synthesised as if this were not here.
package final class CachingSynthesizer: Synthesizer {
    private static let phraseLimit = 64
    private static let byteLimit = 4 << 20

    private let voice: any Synthesizer
    private let preparing: any Synthesizer
    private let book: Mutex<PhraseBook>
    private let queue: AsyncStream<String>
    private let queueEnd: AsyncStream<String>.Continuation

    /// Puts phrases before a voice.
    ///
    /// - Parameters:
    ///   - voice: says what is not prepared.
    ///   - preparing: says what is to be kept, where that is another one: a service without the fallback to a second voice, whose words
    ///     would otherwise stay after the service is back.
    ///   - phraseLimit: the most phrases that are kept, and that wait to be prepared.
    ///   - byteLimit: the most memory that phrases may take.
    package init(
        _ voice: any Synthesizer,
        preparing: (any Synthesizer)? = nil,
        phraseLimit: Int = phraseLimit,
        byteLimit: Int = byteLimit
    ) {
        self.voice = voice
        self.preparing = preparing ?? voice
        book = Mutex(PhraseBook(phraseLimit: phraseLimit, byteLimit: byteLimit))
        (queue, queueEnd) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(phraseLimit))
    }

    package var providerName: String { voice.providerName }

    /// Asks that a text be ready when it is spoken, to the letter; returns at once, and does nothing the second time.
    package func prepare(_ text: String) {
        if book.withLock({ $0.request(text) }) { queueEnd.yield(text) }
    }

    /// Prepares what is asked for, one text after the other, until the task is cancelled; to be run once.
    package func run() async {
        for await text in queue {
            guard book.withLock({ $0.begin(text) }) else { continue }
            let phrase = await prepared(text)
            book.withLock { $0.finish(text, phrase) }.forEach { $0.finish(.success(phrase)) }
        }
    }

    /// Ends ``run()``: nothing more is prepared.
    package func retire() { queueEnd.finish() }

    package func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        let delivery = Delivery<Phrase?>()
        switch book.withLock({ $0.lookUp(text, waitingWith: delivery) }) {
        // A queued text may have to wait for many others; the voice has it sooner.
        case .unknown, .queued: return voice.speak(text)
        case .ready(let phrase): return Self.stream(phrase)
        case .underWay:
            let speech = AwaitedPhrase(delivery) { [voice] in voice.speak(text) }
            return AsyncThrowingStream(unfolding: { try await speech.next() })
        }
    }

    private static func stream(_ phrase: Phrase) -> AsyncThrowingStream<SpeechChunk, any Error> {
        AsyncThrowingStream { continuation in
            for chunk in phrase.chunks { continuation.yield(chunk) }
            continuation.finish()
        }
    }

    /// A text's speech; nil where the voice failed, said nothing or too much, or the task was cancelled.
    private func prepared(_ text: String) async -> Phrase? {
        var samples: [Int16] = []
        var words: [WordTiming] = []
        do {
            for try await chunk in preparing.speak(text) {
                samples += chunk.samples
                words += chunk.words
                guard samples.count * MemoryLayout<Int16>.size <= Self.byteLimit else { return nil }
            }
        } catch {
            // Whoever speaks the text meets the failure, if it is still there, and reports it.
            return nil
        }
        return samples.isEmpty || Task.isCancelled ? nil : Phrase(samples: samples, words: words)
    }
}
