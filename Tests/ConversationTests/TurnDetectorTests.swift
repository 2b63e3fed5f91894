import TestSupport
import Testing

@testable import Conversation

struct TurnDetectorTests {
    private static let window = VoiceActivityWindow.milliseconds

    /// What a detector says to these windows, from media time 0, where the words never come.
    private func results(
        of windows: [Float],
        _ configuration: TurnConfiguration = TurnConfiguration(),
        isOverAgent: Bool = false
    ) -> [TurnDetector.Result] {
        var detector = TurnDetector(configuration: configuration)
        return windows.enumerated().map { detector.hear(probability: $1, endMs: ($0 + 1) * Self.window, isOverAgent: isOverAgent) }
    }

    private func endings(in results: [TurnDetector.Result]) -> [TurnDetector.Ending] {
        results.compactMap { if case .ended(let ending) = $0 { ending } else { nil } }
    }

    private func silence(ms: Int) -> [Float] { Array(repeating: 0, count: ms / Self.window) }

    private func speech(ms: Int) -> [Float] { Array(repeating: 1, count: ms / Self.window) }

    @Test func clickOfOneWindowStartsNothing() {
        let windows: [Float] = (0..<200).map { $0.isMultiple(of: 2) ? 1 : 0 }
        #expect(results(of: windows).allSatisfy { $0 == .nothing })
    }

    @Test func twoWindowsOfSpeechStartAnUtteranceWhereTheFirstBegan() {
        #expect(results(of: [0, 0, 1, 1]) == [.nothing, .nothing, .nothing, .started(atMs: 64)])
    }

    @Test func overTheAgentItTakesThreeWindows() {
        #expect(results(of: [0, 0, 1, 1, 1], isOverAgent: true) == [.nothing, .nothing, .nothing, .nothing, .started(atMs: 64)])
    }

    @Test func oneWeakWindowDoesNotDelayAnUtterance() {
        #expect(results(of: [0, 1, 0.3, 1]).last == .started(atMs: 32))
        #expect(results(of: [0, 1, 0.3, 1], isOverAgent: true).last == .started(atMs: 32))
        #expect(results(of: [0, 1, 0.3, 0.3, 0.3, 1]).allSatisfy { $0 == .nothing })
    }

    /// The "s" of "stop" is a faint sound.
    @Test func aSoftBeginningCountsAsSoundOverTheAgent() {
        #expect(results(of: [0, 0.2, 1, 1], isOverAgent: true).last == .started(atMs: 64))
        #expect(results(of: [0.2, 0, 1, 1], isOverAgent: true).allSatisfy { $0 == .nothing })
    }

    /// Real probabilities: after 30 s of silence "three" stays below one half, and only the word behind it wakes voice activity.
    @Test func aFirstWordThatWasTakenForAFaintSoundIsRecognisedToo() throws {
        let first: [Float] = [0.41, 0.25, 0.11, 0.21, 0.21, 0.14, 0.13, 0.09, 0.13, 0.15, 0.13, 0.17, 0.15, 0.14, 0.09, 0.05, 0.03]
        let second: [Float] = [0.03, 0.02, 0.01, 0.01, 0.01, 0.01, 0, 0.14, 0.11, 0.02, 0.03, 0.18, 0.36, 0.28, 0.32, 0.38, 0.61]
        let end = speech(ms: 320) + silence(ms: 224)
        let words: [Float] = silence(ms: 3200) + first + second + end
        guard case .paused(let clip) = try #require(results(of: words).last) else {
            Issue.record("no pause")
            return
        }
        #expect(clip.lowerBound <= 3200)
        let faint: [Float] = [0.4, 0.4]
        let apart: [Float] = silence(ms: 3200) + faint + silence(ms: 448) + end
        let speechMs = 3200 + 512
        #expect(results(of: apart).last == .paused(clip: speechMs - 300..<speechMs + 544))
        guard case .paused(let late) = try #require(results(of: words, isOverAgent: true).last) else { return }
        #expect(late.lowerBound > 3200 + 600, "over the agent a faint sound may be its echo")
    }

    @Test func weakVoiceKeepsAnUtteranceGoingButStartsNone() {
        #expect(results(of: Array(repeating: 0.4, count: 80)).allSatisfy { $0 == .nothing })
        #expect(results(of: [1, 1] + Array(repeating: 0.4, count: 80)).dropFirst(2).allSatisfy { $0 == .nothing })
    }

    /// Words may be asked for within a word's own silence; then a faint sound is enough to go on.
    @Test func faintSoundGoesOnAfterAShortGapAndNotAfterALongOne() {
        var configuration = TurnConfiguration()
        configuration.pauseMs = 64
        let short = results(of: speech(ms: 320) + silence(ms: 160) + [0.4], configuration)
        #expect(short.last == .resumed(isNewStretch: false))
        let long = results(of: speech(ms: 320) + silence(ms: 224) + [0.4, 0.4, 0.4], configuration)
        #expect(long.suffix(3).allSatisfy { $0 == .nothing })
    }

    @Test func pauseHandsOutTheAudioSoFar() {
        let heard = results(of: speech(ms: 320) + silence(ms: 224))
        #expect(heard.last == .paused(clip: 0..<544))
        #expect(heard.dropFirst(2).dropLast().allSatisfy { $0 == .nothing })
    }

    @Test func utteranceWithoutWordsEndsAfterTheLongestSilenceAndNotBefore() {
        let longestMs = TurnConfiguration().endpoint.longestSilenceMs
        let windows = longestMs / Self.window
        #expect(endings(in: results(of: speech(ms: 320) + Array(repeating: 0, count: windows))).isEmpty == !longestMs.isMultiple(of: Self.window))
        let ended = endings(in: results(of: speech(ms: 320) + Array(repeating: 0, count: windows + 1)))
        #expect(ended == [TurnDetector.Ending(startMs: 0, endMs: 320, clip: nil)])
    }

    @Test(arguments: [200, 400, 700, 1500])
    func utteranceEndsAfterTheSilenceThatItsWordsAskFor(silenceMs: Int) {
        var detector = TurnDetector(configuration: TurnConfiguration())
        let windows = speech(ms: 320) + silence(ms: 224)
        for (index, probability) in windows.enumerated() { _ = detector.hear(probability: probability, endMs: (index + 1) * Self.window) }
        var result = detector.settle(silenceMs: silenceMs)
        var endMs = windows.count * Self.window
        while result == .nothing, endMs < 5000 {
            endMs += Self.window
            result = detector.hear(probability: 0, endMs: endMs)
        }
        #expect(result == .ended(TurnDetector.Ending(startMs: 0, endMs: 320, clip: nil)))
        #expect(abs(endMs - 320 - max(silenceMs, 224)) <= Self.window / 2, "the nearest window")
    }

    @Test func callerWhoGoesOnSoonHasTheWholeStretchReadAgain() {
        let heard = results(of: speech(ms: 320) + silence(ms: 448) + speech(ms: 64) + silence(ms: 224)).filter { $0 != .nothing }
        #expect(heard == [.started(atMs: 0), .paused(clip: 0..<544), .resumed(isNewStretch: false), .paused(clip: 0..<1056)])
    }

    @Test func shortStretchGoesOnThroughALongPauseWhereTheRecogniserReadsItBetter() {
        var configuration = TurnConfiguration()
        configuration.joinMs = 2000
        let windows = speech(ms: 320) + silence(ms: 960) + speech(ms: 960) + silence(ms: 960) + speech(ms: 64)
        let heard = results(of: windows, configuration).filter { $0 != .nothing }
        #expect(heard.filter { $0 == .resumed(isNewStretch: false) }.count == 1)
        #expect(heard.last == .resumed(isNewStretch: true), "2,240 ms are long enough to stand")
    }

    @Test func callerWhoGoesOnAfterALongPauseBeginsANewStretch() {
        let heard = results(of: speech(ms: 320) + silence(ms: 960) + speech(ms: 64) + silence(ms: 224)).filter { $0 != .nothing }
        #expect(heard == [.started(atMs: 0), .paused(clip: 0..<544), .resumed(isNewStretch: true), .paused(clip: 980..<1568)])
    }

    @Test func silenceAskedForCountsOnlyUntilTheCallerGoesOn() {
        var detector = TurnDetector(configuration: TurnConfiguration())
        var endMs = 0
        func hear(_ windows: [Float]) -> [TurnDetector.Result] {
            windows.map { probability in
                endMs += Self.window
                return detector.hear(probability: probability, endMs: endMs)
            }
        }
        _ = hear(speech(ms: 320) + silence(ms: 224))
        let settled = detector.settle(silenceMs: 400)
        #expect(settled == .nothing)
        let goneOn = hear(speech(ms: 64) + silence(ms: 704))
        #expect(endings(in: goneOn).isEmpty)
    }

    @Test func clickInThePauseDoesNotLengthenIt() {
        let heard = results(of: speech(ms: 320) + silence(ms: 640) + [1] + silence(ms: 960))
        #expect(endings(in: heard) == [TurnDetector.Ending(startMs: 0, endMs: 320, clip: nil)])
    }

    @Test func clipBeginsThePreRollBeforeTheFirstSpeech() {
        let heard = results(of: silence(ms: 1280) + speech(ms: 96) + silence(ms: 224))
        #expect(heard.last == .paused(clip: 980..<1600))
    }

    @Test func clipNeverOverlapsTheOneBefore() {
        var detector = TurnDetector(configuration: TurnConfiguration())
        let word = speech(ms: 96) + silence(ms: 224)
        var clips: [Range<Int>] = []
        for (index, probability) in (word + word).enumerated() {
            if case .paused(let clip) = detector.hear(probability: probability, endMs: (index + 1) * Self.window) {
                clips.append(clip)
                _ = detector.settle(silenceMs: 200)
            }
        }
        #expect(clips == [0..<320, 320..<640])
    }

    @Test func endlessSpeechIsCutAndGoesOn() {
        let windows = speech(ms: 26_000)
        let ended = endings(in: results(of: windows + windows))
        #expect(ended.count == 2)
        #expect(ended.first?.clip?.upperBound == ended.last?.clip?.lowerBound)
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
        let result3 = detector.finish(nowMs: 100)
        #expect(result3 == .ended(TurnDetector.Ending(startMs: 32, endMs: 96, clip: 0..<100)))
        let result4 = detector.finish(nowMs: 100)
        #expect(result4 == .nothing)
        #expect(!detector.isSpeaking)
    }

    @Test func finishInAPauseHandsOutNoAudioTwice() {
        var detector = TurnDetector(configuration: TurnConfiguration())
        for (index, probability) in (speech(ms: 96) + silence(ms: 224)).enumerated() {
            _ = detector.hear(probability: probability, endMs: (index + 1) * Self.window)
        }
        let result = detector.finish(nowMs: 320)
        #expect(result == .ended(TurnDetector.Ending(startMs: 0, endMs: 96, clip: nil)))
    }

    @Test(arguments: 0..<200)
    func clipsAreOrderedApartAndCoverAllSpeech(seed: Int) {
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
        // The clips that stand, as a call keeps them: one that the caller went on from too soon is dropped.
        var clips: [Range<Int>] = []
        var open = 0
        // Where the audio of the stretch in progress begins.
        var beginning: Int?
        func begins(at placeMs: Int?) {
            guard let placeMs else { return }
            #expect(beginning ?? placeMs == placeMs, "a streaming recogniser needs no audio twice")
            beginning = placeMs
        }
        func take(_ result: TurnDetector.Result) {
            switch result {
            case .nothing: break
            case .started: open += 1
            case .paused(let clip):
                clips.append(clip)
                begins(at: clip.lowerBound)
            case .resumed(let isNewStretch): if isNewStretch { beginning = nil } else { clips.removeLast() }
            case .ended(let ending):
                if let clip = ending.clip { clips.append(clip) }
                begins(at: ending.clip?.lowerBound)
                beginning = nil
                open -= 1
                #expect(ending.startMs < ending.endMs)
            }
            #expect((0...1).contains(open))
        }
        for (index, probability) in windows.enumerated() {
            take(detector.hear(probability: probability, endMs: (index + 1) * Self.window))
            begins(at: detector.stretch?.lowerBound)
            if random.once(in: 12) { take(detector.settle(silenceMs: Int.random(in: 200...1500, using: &random))) }
        }
        take(detector.finish(nowMs: windows.count * Self.window))
        #expect(open == 0)
        for (first, second) in zip(clips, clips.dropFirst()) { #expect(first.upperBound <= second.lowerBound) }
        // Speech is lost only in windows too few to count: one, or those left over after a cut.
        let runs = zip(windows, windows.dropFirst()).enumerated().filter { $1.0 == 1 && $1.1 == 1 }
        let lost = runs.map { ($0.offset + 1) * Self.window }.filter { middleMs in
            !clips.contains { $0.lowerBound - Self.window <= middleMs && middleMs <= $0.upperBound + Self.window }
        }
        #expect(lost.isEmpty)
    }
}
