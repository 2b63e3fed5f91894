import TestSupport
import Testing

@testable import Conversation

struct TurnDetectorTests {
    private static let window = VoiceActivityWindow.milliseconds

    /// What a detector says to these windows, from media time 0.
    private func results(of windows: [Float], _ configuration: TurnConfiguration = TurnConfiguration()) -> [TurnDetector.Result] {
        var detector = TurnDetector(configuration: configuration)
        return windows.enumerated().map { detector.hear(probability: $1, endMs: ($0 + 1) * Self.window) }
    }

    private func utterances(in results: [TurnDetector.Result]) -> [TurnDetector.Utterance] {
        results.compactMap { if case .ended(let utterance) = $0 { utterance } else { nil } }
    }

    @Test func clickOfOneWindowStartsNothing() {
        let windows: [Float] = (0..<200).map { $0.isMultiple(of: 2) ? 1 : 0 }
        #expect(results(of: windows).allSatisfy { $0 == .nothing })
    }

    @Test func twoWindowsOfSpeechStartAnUtteranceWhereTheFirstBegan() {
        #expect(results(of: [0, 0, 1, 1]) == [.nothing, .nothing, .nothing, .started(atMs: 64)])
    }

    @Test func weakVoiceKeepsAnUtteranceGoingButStartsNone() {
        #expect(results(of: Array(repeating: 0.4, count: 50)).allSatisfy { $0 == .nothing })
        #expect(utterances(in: results(of: [1, 1] + Array(repeating: 0.4, count: 50))).isEmpty)
    }

    @Test func utteranceEndsAfterTheConfiguredSilenceAndNotBefore() {
        let speech = Array(repeating: Float(1), count: 10)
        #expect(utterances(in: results(of: speech + Array(repeating: 0, count: 21))).isEmpty)
        let ended = utterances(in: results(of: speech + Array(repeating: 0, count: 22)))
        #expect(ended == [TurnDetector.Utterance(startMs: 0, endMs: 320, clipStartMs: 0, clipEndMs: 620)])
    }

    @Test func pauseShorterThanTheSilenceDoesNotCutAnUtterance() {
        let digit = Array(repeating: Float(1), count: 8) + Array(repeating: 0, count: 21)
        let ended = utterances(in: results(of: digit + digit + digit + [0]))
        #expect(ended.count == 1)
        #expect(ended.first?.startMs == 0)
    }

    @Test func clipBeginsThePreRollBeforeTheFirstSpeech() {
        let windows = Array(repeating: Float(0), count: 40) + [1, 1, 1] + Array(repeating: 0, count: 22)
        let ended = utterances(in: results(of: windows))
        #expect(ended.first?.startMs == 1280)
        #expect(ended.first?.clipStartMs == 980)
    }

    @Test func clipNeverOverlapsTheOneBefore() {
        var configuration = TurnConfiguration()
        configuration.endSilenceMs = 320
        let word = [1, 1, 1] + Array(repeating: Float(0), count: 10)
        let ended = utterances(in: results(of: word + word, configuration))
        #expect(ended.count == 2)
        #expect(ended.first?.clipEndMs == 396)
        #expect(ended.last?.startMs == 416)
        #expect(ended.last?.clipStartMs == 396)
    }

    @Test func endlessSpeechIsCutAndGoesOn() {
        let windows = Array(repeating: Float(1), count: 26_000 / Self.window)
        let ended = utterances(in: results(of: windows + windows))
        #expect(ended.count == 2)
        #expect(ended.first?.clipEndMs == ended.last?.clipStartMs)
        #expect(ended.allSatisfy { $0.endMs - $0.startMs <= 25_000 + Self.window })
    }

    @Test func finishEndsARunningUtteranceAndNothingElse() {
        var detector = TurnDetector(configuration: TurnConfiguration())
        let result1 = detector.finish(nowMs: 0)
        #expect(result1 == .nothing)
        _ = detector.hear(probability: 1, endMs: 32)
        let result2 = detector.finish(nowMs: 32)
        #expect(result2 == .nothing)
        _ = detector.hear(probability: 1, endMs: 64)
        _ = detector.hear(probability: 1, endMs: 96)
        let utterance = TurnDetector.Utterance(startMs: 32, endMs: 96, clipStartMs: 0, clipEndMs: 100)
        let result3 = detector.finish(nowMs: 100)
        #expect(result3 == .ended(utterance))
        let result4 = detector.finish(nowMs: 100)
        #expect(result4 == .nothing)
        #expect(!detector.isSpeaking)
    }

    @Test(arguments: 0..<100)
    func utterancesAreOrderedApartAndCoverAllSpeech(seed: Int) {
        var random = SeededRandom(seed: seed)
        var configuration = TurnConfiguration()
        configuration.longestUtteranceMs = Int.random(in: 500...5000, using: &random)
        configuration.endSilenceMs = Int.random(in: 100...1000, using: &random)
        var windows: [Float] = []
        while windows.count < 1000 {
            let speech = Float(Int.random(in: 0...1, using: &random))
            windows += Array(repeating: speech, count: Int.random(in: 1...60, using: &random))
        }
        var detector = TurnDetector(configuration: configuration)
        var results = windows.enumerated().map { detector.hear(probability: $1, endMs: ($0 + 1) * Self.window) }
        results.append(detector.finish(nowMs: windows.count * Self.window))
        let ended = utterances(in: results)
        for (first, second) in zip(ended, ended.dropFirst()) { #expect(first.clipEndMs <= second.clipStartMs) }
        for one in ended { #expect(one.clipStartMs <= one.startMs && one.startMs < one.endMs && one.endMs <= one.clipEndMs) }
        // Speech is lost only in windows too few to count: one, or those left over after a cut.
        let runs = zip(windows, windows.dropFirst()).enumerated().filter { $1.0 == 1 && $1.1 == 1 }
        let lost = runs.map { ($0.offset + 1) * Self.window }.filter { middleMs in
            !ended.contains { $0.clipStartMs - Self.window <= middleMs && middleMs <= $0.clipEndMs + Self.window }
        }
        #expect(lost.isEmpty)
        #expect(results.count { if case .started = $0 { true } else { false } } == ended.count)
    }
}
