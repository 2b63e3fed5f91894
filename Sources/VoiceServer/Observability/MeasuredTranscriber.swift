import Conversation
import CoreMetrics
import Metrics

/// A transcriber whose waits and working times are measured.
///
/// The timers tell of utterances alone: previews are counted apart, since they never wait and are often turned away.
struct MeasuredTranscriber: Transcriber {
    private var transcriber: any Transcriber
    private let wait: Timer
    private let processing: Timer
    private let failures: Counter
    private let previews: Counter
    private let skippedPreviews: Counter
    private let failedPreviews: Counter

    /// Measures `transcriber` with series of this factory.
    init(_ transcriber: any Transcriber, factory: any MetricsFactory) {
        self.transcriber = transcriber
        wait = Timer(.sttQueueWait, factory: factory)
        processing = Timer(.sttProcessing, factory: factory)
        failures = Counter(.sttFailures, factory: factory)
        previews = Counter(.sttPreviews, [("outcome", "done")], factory: factory)
        skippedPreviews = Counter(.sttPreviews, [("outcome", "skipped")], factory: factory)
        failedPreviews = Counter(.sttPreviews, [("outcome", "failed")], factory: factory)
    }

    var providerName: String { transcriber.providerName }
    var backlog: TranscriptionBacklog { transcriber.backlog }
    var joinMs: Int { transcriber.joinMs }

    func listening(for language: String?) -> any Transcriber {
        var other = self
        other.transcriber = transcriber.listening(for: language)
        return other
    }

    func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        do {
            let transcription = try await transcriber.transcribe(utterance)
            wait.record(duration: transcription.queueWait)
            processing.record(duration: transcription.processing)
            return transcription
        } catch let error as CancellationError {
            // Words that are not wanted any more are no failure of the engine.
            throw error
        } catch {
            failures.increment()
            throw error
        }
    }

    func preview(_ utterance: [Int16]) async throws -> Transcription? {
        do {
            let transcription = try await transcriber.preview(utterance)
            (transcription == nil ? skippedPreviews : previews).increment()
            return transcription
        } catch let error as CancellationError {
            throw error
        } catch {
            failedPreviews.increment()
            throw error
        }
    }
}
