import Conversation
import CoreMetrics
import Metrics

/// A transcriber whose waits and working times are measured.
struct MeasuredTranscriber: Transcriber {
    private let transcriber: any Transcriber
    private let wait: Timer
    private let processing: Timer
    private let failures: Counter

    /// Measures `transcriber` with series of this factory.
    init(_ transcriber: any Transcriber, factory: any MetricsFactory) {
        self.transcriber = transcriber
        wait = Timer(label: "agentos_stt_queue_wait_seconds", factory: factory)
        processing = Timer(label: "agentos_stt_processing_seconds", factory: factory)
        failures = Counter(label: "agentos_stt_failures_total", factory: factory)
    }

    var providerName: String { transcriber.providerName }

    func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        do {
            let transcription = try await transcriber.transcribe(utterance)
            wait.record(duration: transcription.queueWait)
            processing.record(duration: transcription.processing)
            return transcription
        } catch {
            failures.increment()
            throw error
        }
    }
}
