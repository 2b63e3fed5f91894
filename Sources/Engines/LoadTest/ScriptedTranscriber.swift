package import Conversation
import Synchronization

/// A load-test engine: answers the same few sentences in turn, whatever it is given, in no time.
///
/// With it a benchmark measures the server, not a model.
package final class ScriptedTranscriber: Transcriber {
    package let providerName = "scripted"
    private let sentences: [String]
    private let position = Atomic<Int>(0)

    /// Makes a transcriber that says `sentences` in turn; without any it hears nothing.
    package init(sentences: [String] = ["I would like to book a table.", "For two, please.", "Tomorrow at eight.", "Thank you, goodbye."]) {
        self.sentences = sentences
    }

    package func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        guard !sentences.isEmpty else { return Transcription(text: "") }
        let turn = position.wrappingAdd(1, ordering: .relaxed).oldValue
        return Transcription(text: sentences[Int(UInt(bitPattern: turn) % UInt(sentences.count))])
    }
}
