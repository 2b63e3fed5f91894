import Audio
import Conversation
import Engines
import TestSupport
import Testing

/// What is no speech must not become a caller's turn.
@Suite struct PhantomTurnTests {
    /// Runs a clip through the telephone's code, voice activity, turn detection and recognition, as a call does.
    private func texts(in clip: [Int16]) async throws -> [String] {
        let line = MuLaw.decode(MuLaw.encode(clip + [Int16](repeating: 0, count: 8000)))
        var detector = TurnDetector(configuration: TurnConfiguration())
        var activity = try TestEngines.detector().makeStream()
        var texts: [String] = []
        for (index, probability) in try activity.process(line).enumerated() {
            let endMs = (index + 1) * VoiceActivityWindow.milliseconds
            guard case .ended(let utterance) = detector.hear(probability: probability, endMs: endMs) else { continue }
            let samples = Array(line[(utterance.clipStartMs * 8)..<min(line.count, utterance.clipEndMs * 8)])
            let text = try await TestEngines.transcriber().transcribe(samples).text
            if !text.isEmpty { texts.append(text) }
        }
        return texts
    }

    @Test func aHundredClipsWithoutSpeechGiveAtMostTwoTranscripts() async throws {
        #expect(NonSpeechClips.all.count == 100)
        var found: [String] = []
        for clip in NonSpeechClips.all { found += try await texts(in: clip.samples).map { "\(clip.name): \($0)" } }
        #expect(found.count <= 2, "\(found)")
    }

    @Test func theSamePathHearsSpeech() async throws {
        #expect(try await texts(in: TestEngines.sample("caller-yes")) == ["yes please"])
    }
}
