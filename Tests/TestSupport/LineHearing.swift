package import Conversation
import Audio

/// Hears a caller's line as a call does: the telephone's code, voice activity, turns, recognition.
package struct LineHearing: Sendable {
    private let detector: any VoiceActivityDetector
    private let transcriber: any Transcriber

    /// Makes a way of hearing with these engines.
    package init(detector: any VoiceActivityDetector, transcriber: any Transcriber) {
        self.detector = detector
        self.transcriber = transcriber
    }

    /// The words that are heard in samples at 8,000 Hz with two seconds of silence behind them, stretch by stretch; those without words are left out.
    package func texts(in samples: [Int16]) async throws -> [String] {
        let line = MuLaw.decode(MuLaw.encode(samples + [Int16](repeating: 0, count: 16_000)))
        var turns = TurnDetector(configuration: TurnConfiguration())
        var activity = detector.makeStream()
        var clips: [Range<Int>] = []
        var texts: [String] = []
        for (index, probability) in try activity.process(line).enumerated() {
            switch turns.hear(probability: probability, endMs: (index + 1) * VoiceActivityWindow.milliseconds) {
            case .nothing, .started, .resumed(isNewStretch: true): break
            case .paused(let clip): clips.append(clip)
            case .resumed(isNewStretch: false): clips.removeLast()
            case .ended(let ending):
                for clip in clips + (ending.clip.map { [$0] } ?? []) {
                    let text = try await transcriber.transcribe(Array(line[clip.lowerBound * 8..<min(line.count, clip.upperBound * 8)])).text
                    if !text.isEmpty { texts.append(text) }
                }
                clips = []
            }
        }
        return texts
    }
}
