import Audio
import Conversation
import Engines
import TestSupport
import Testing

/// What is no speech must not become a caller's turn.
@Suite struct PhantomTurnTests {
    /// Runs a clip through the telephone's code, voice activity, turn detection and recognition, as a call does.
    private func texts(in clip: [Int16]) async throws -> [String] {
        let line = MuLaw.decode(MuLaw.encode(clip + [Int16](repeating: 0, count: 16_000)))
        var detector = TurnDetector(configuration: TurnConfiguration())
        var activity = try TestEngines.detector().makeStream()
        var clips: [Range<Int>] = []
        var texts: [String] = []
        for (index, probability) in try activity.process(line).enumerated() {
            switch detector.hear(probability: probability, endMs: (index + 1) * VoiceActivityWindow.milliseconds) {
            case .nothing, .started, .resumed(isNewStretch: true): break
            case .paused(let clip): clips.append(clip)
            case .resumed(isNewStretch: false): clips.removeLast()
            case .ended(let ending):
                for clip in clips + (ending.clip.map { [$0] } ?? []) {
                    let samples = Array(line[clip.lowerBound * 8..<min(line.count, clip.upperBound * 8)])
                    let text = try await TestEngines.transcriber().transcribe(samples).text
                    if !text.isEmpty { texts.append(text) }
                }
                clips = []
            }
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
