import Engines
import TestSupport
import Testing

/// What is no speech must not become a caller's turn.
@Suite struct PhantomTurnTests {
    private func texts(in clip: [Int16]) async throws -> [String] {
        try await LineHearing(detector: TestEngines.detector(), transcriber: TestEngines.transcriber()).texts(in: clip)
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
