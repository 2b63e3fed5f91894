package import Conversation
import Synchronization

/// A load-test engine: fails every so many times, as an engine does that runs out of something; otherwise as the one it wraps.
package final class FlakyTranscriber: Transcriber {
    package let providerName = "flaky"
    private let sound: any Transcriber
    private let period: Int
    private let count = Atomic<Int>(0)

    /// Makes a transcriber that fails once in `period` times.
    package init(_ sound: any Transcriber = ScriptedTranscriber(), failingOnceIn period: Int = 20) {
        self.sound = sound
        self.period = max(1, period)
    }

    package func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        let turn = count.wrappingAdd(1, ordering: .relaxed).newValue
        guard !turn.isMultiple(of: period) else {
            throw EngineError(.failed, "the flaky engine failed, as it does once in \(period) times")
        }
        return try await sound.transcribe(utterance)
    }
}
