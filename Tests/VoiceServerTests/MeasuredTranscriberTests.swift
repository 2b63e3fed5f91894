import Conversation
import Testing

@testable import VoiceServer

/// What is measured of the speech-to-text engine.
@Suite struct MeasuredTranscriberTests {
    /// Does as it is told.
    private struct Obedient: Transcriber {
        let providerName = "obedient"
        var result: Result<Transcription?, any Error>

        func transcribe(_ utterance: [Int16]) async throws -> Transcription { try result.get() ?? Transcription(text: "") }
        func preview(_ utterance: [Int16]) async throws -> Transcription? { try result.get() }
    }

    private let registry = PrometheusRegistry()

    private func measured(_ result: Result<Transcription?, any Error>) -> MeasuredTranscriber {
        MeasuredTranscriber(Obedient(result: result), factory: registry)
    }

    private var lines: [String] { registry.render().split(separator: "\n").map(String.init) }

    @Test func previewsAreCountedApartFromUtterances() async throws {
        let words = Transcription(text: "so far", processing: .milliseconds(80))
        #expect(try await measured(.success(words)).preview([]) == words)
        #expect(try await measured(.success(nil)).preview([]) == nil)
        #expect(try await measured(.success(nil)).preview([]) == nil)
        await #expect(throws: EngineError.self) { try await measured(.failure(EngineError(.failed, "no"))).preview([]) }
        #expect(lines.contains(#"agentos_stt_previews_total{outcome="done"} 1"#))
        #expect(lines.contains(#"agentos_stt_previews_total{outcome="skipped"} 2"#))
        #expect(lines.contains(#"agentos_stt_previews_total{outcome="failed"} 1"#))
        #expect(lines.contains("agentos_stt_processing_seconds_count 0") && lines.contains("agentos_stt_failures_total 0"))
    }

    @Test func utterancesAreTimedAndPreviewsUntouched() async throws {
        _ = try await measured(.success(Transcription(text: "all", processing: .milliseconds(80)))).transcribe([])
        await #expect(throws: EngineError.self) { try await measured(.failure(EngineError(.failed, "no"))).transcribe([]) }
        #expect(lines.contains("agentos_stt_processing_seconds_count 1") && lines.contains("agentos_stt_failures_total 1"))
        #expect(lines.contains(#"agentos_stt_previews_total{outcome="done"} 0"#))
    }

    @Test func wordsThatAreNotWantedAnyMoreAreNoFailure() async throws {
        await #expect(throws: CancellationError.self) { try await measured(.failure(CancellationError())).transcribe([]) }
        await #expect(throws: CancellationError.self) { try await measured(.failure(CancellationError())).preview([]) }
        #expect(lines.contains("agentos_stt_failures_total 0"))
        #expect(lines.filter { $0.hasPrefix("agentos_stt_previews_total") }.allSatisfy { $0.hasSuffix(" 0") })
    }
}
