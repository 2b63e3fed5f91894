import Conversation
import Synchronization

/// Takes anything but silence for speech, and fails when told to.
struct LoudnessDetector: VoiceActivityDetector {
    /// Counts the calls of all its streams and says whether this one fails.
    var fails: @Sendable (_ call: Int) -> Bool = { _ in false }

    func makeStream() -> any VoiceActivityStream { Stream(fails: fails) }

    private struct Stream: VoiceActivityStream {
        var fails: @Sendable (Int) -> Bool
        var waiting: [Int16] = []
        var calls = 0

        mutating func process(_ samples: [Int16]) throws -> [Float] {
            calls += 1
            if fails(calls) { throw EngineError(.failed, "the detector broke") }
            waiting += samples
            var probabilities: [Float] = []
            while waiting.count >= VoiceActivityWindow.samples {
                let isLoud = waiting.prefix(VoiceActivityWindow.samples).contains { abs(Int($0)) > 1000 }
                probabilities.append(isLoud ? 0.95 : 0.02)
                waiting.removeFirst(VoiceActivityWindow.samples)
            }
            return probabilities
        }
    }
}

/// Hears a fixed list of sentences, one after the other; a nil one takes for ever.
final class ListTranscriber: Transcriber {
    let providerName = "list"
    private let state: Mutex<(texts: [String?], utterances: [[Int16]])>
    private let waiting = Atomic<Int>(0)

    init(_ texts: [String?]) {
        state = Mutex((texts, []))
    }

    /// What it was given to hear.
    var utterances: [[Int16]] { state.withLock { $0.utterances } }

    /// How many transcriptions are still running.
    var running: Int { waiting.load(ordering: .relaxed) }

    func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        let text = state.withLock { state in
            state.utterances.append(utterance)
            return state.texts.isEmpty ? "" : state.texts.removeFirst()
        }
        if let text { return Transcription(text: text) }
        waiting.add(1, ordering: .relaxed)
        defer { waiting.subtract(1, ordering: .relaxed) }
        let never = AsyncStream<Void> { _ in }
        for await _ in never {}
        throw CancellationError()
    }
}

/// Answers with fixed tokens, or fails.
struct TokenAssistant: Assistant {
    let providerName = "tokens"
    var tokens = ["You ", "said ", "so."]
    var failure: EngineError?
    /// Whether the answer never ends.
    var hangs = false

    func reply(to conversation: [ConversationTurn]) -> AsyncThrowingStream<AssistantOutput, any Error> {
        AsyncThrowingStream { continuation in
            for token in tokens { continuation.yield(.text(token)) }
            if !hangs { continuation.finish(throwing: failure) }
        }
    }
}

/// Speaks every character for 50 ms.
struct BuzzSynthesizer: Synthesizer {
    let providerName = "buzz"

    func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        AsyncThrowingStream { continuation in
            for _ in text { continuation.yield(SpeechChunk(samples: [Int16](repeating: 5000, count: 400))) }
            continuation.finish()
        }
    }
}
