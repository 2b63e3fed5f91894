import COnnxReference
import Conversation
@testable import Engines
import Foundation
import Testing

@Suite struct SileroVoiceActivityTests {
    @Test func speechBetweenPausesIsFoundWhereItIs() async throws {
        let first = try await Speech(of: "I would like to book a table for two.", by: TestEngines.synthesizer()).samples
        let second = try await Speech(of: "What are your opening hours?", by: TestEngines.synthesizer()).samples
        let pause = [Int16](repeating: 0, count: 8_000)
        let segments = try SpeechSegments.find(in: pause + first + pause + second + pause, with: TestEngines.detector(), bridging: 400)
        #expect(segments.count == 2)
        let starts = [1_000, 2_000 + first.count / 8]
        let ends = [1_000 + first.count / 8, 2_000 + (first.count + second.count) / 8]
        // The voice's own quiet edges, and the detector's first and last windows, are within half a second.
        for (segment, (start, end)) in zip(segments, zip(starts, ends)) {
            #expect((start - 50...start + 500).contains(segment.start))
            #expect((end - 500...end + 250).contains(segment.end))
        }
    }

    @Test func anHourIsJudgedAsTheOriginalJudgesIt() throws {
        let installation = TestEngines.installation
        let session = try SileroSession(model: installation.voiceActivityModel)
        let reference = try #require(agentos_reference_open(installation.inferenceLibrary, installation.voiceActivityModel))
        defer { agentos_reference_close(reference) }
        let speech = try Clip.all.flatMap { try TestEngines.sample($0.name) }.map { Float($0) / 32_768 }
        let noise = NonSpeech.noise(amplitude: 32_767, count: 16_001).map { Float($0) / 32_768 }
        let gains: [Float] = [1, 0.05, 0.3, 0, 3]
        let noises: [Float] = [0, 0.001, 0.03, 0.3]
        var states = [[Float]](repeating: [Float](repeating: 0, count: SileroSession.stateCount), count: 3)
        var window = [Float](repeating: 0, count: SileroSession.carriedCount + VoiceActivityWindow.samples)
        var largestDifference: Float = 0
        var spoken = 0
        let hour = 3_600 * 8_000 / VoiceActivityWindow.samples
        for number in 0..<hour {
            // A scene lasts 10 s: speech at some level in noise of some level.
            let scene = number / 312
            let gain = gains[scene % gains.count]
            let noiseGain = noises[scene % noises.count]
            for place in 0..<SileroSession.carriedCount { window[place] = window[place + VoiceActivityWindow.samples] }
            for place in 0..<VoiceActivityWindow.samples {
                let time = number * VoiceActivityWindow.samples + place
                let sample = speech[time % speech.count] * gain + noise[time % noise.count] * noiseGain
                window[SileroSession.carriedCount + place] = max(-1, min(1, sample))
            }
            let wanted = agentos_reference_run(reference, window, &states[0])
            let found = session.run(window: window, state: &states[1])
            let portable = session.run(window: window, state: &states[2], portable: true)
            largestDifference = max(largestDifference, abs(found - wanted), abs(portable - wanted))
            if wanted > 0.5 { spoken += 1 }
        }
        #expect(largestDifference < 0.001)
        #expect(spoken > hour / 10 && spoken < hour * 9 / 10)
    }

    @Test(arguments: [0, 8, 32])
    func aLineThatHasBeenSilentHearsTheNextWordAsWell(level: Int16) throws {
        let detector = try TestEngines.detector()
        let clip = try TestEngines.sample("caller-yes")
        let heard = try [8_000, 80_000].map { count in
            var stream = detector.makeStream()
            let silence = (0..<count).map { $0.isMultiple(of: 2) ? level : -level }
            let before = try stream.process(silence)
            #expect(before.allSatisfy { $0 < 0.5 })
            // The network is not asked any more.
            if count > 8_000 { #expect(before.suffix(250).allSatisfy { $0 == 0 }) }
            return try stream.process(clip)
        }
        #expect(heard[0].firstIndex { $0 > 0.5 } == heard[1].firstIndex { $0 > 0.5 })
        #expect(abs(heard[0].count { $0 > 0.5 } - heard[1].count { $0 > 0.5 }) <= 1)
        #expect(heard[1].contains { $0 > 0.9 })
    }

    @Test(arguments: NonSpeech.allCases)
    func whatIsNotSpeechIsNotTakenForIt(_ sound: NonSpeech) throws {
        var stream = try TestEngines.detector().makeStream()
        let probabilities = try stream.process(sound.samples)
        #expect(probabilities.filter { $0 > 0.5 }.count <= 1)
        #expect(probabilities.reduce(0, +) / Float(probabilities.count) < 0.25)
    }

    @Test func callsDoNotDisturbEachOther() async throws {
        let detector = try TestEngines.detector()
        let clips = try ["caller-book-table", "caller-digits", "caller-silence-noise", "caller-two-turns"].map(TestEngines.sample)
        let alone = try clips.map { clip in
            var stream = detector.makeStream()
            return try stream.process(clip)
        }
        let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
            for (index, clip) in clips.enumerated() {
                group.addTask {
                    var stream = detector.makeStream()
                    return (
                        index,
                        try stride(from: 0, to: clip.count, by: 160).flatMap { try stream.process(Array(clip[$0..<min($0 + 160, clip.count)])) }
                    )
                }
            }
            return try await group.reduce(into: [[Float]](repeating: [], count: clips.count)) { $0[$1.0] = $1.1 }
        }
        #expect(together == alone)
    }

    @Test func aMissingModelSaysWhatToRun() {
        let error = #expect(throws: EngineError.self) {
            try SileroVoiceActivityDetector(installation: Installation(root: "/nowhere", pulledModelsFolder: "/nowhere"))
        }
        #expect(error?.code == .missing)
        #expect(error?.message.contains("make setup") == true)
    }

    @Test func aDamagedModelIsRefusedInWords() async throws {
        try await withTemporaryFolder { folder in
            let files = FileManager.default
            try files.createDirectory(atPath: "\(folder)/.deps/silero", withIntermediateDirectories: true)
            let whole = try Data(contentsOf: URL(fileURLWithPath: TestEngines.installation.voiceActivityModel))
            let damaged = [Data(), Data("not a model".utf8), whole.prefix(whole.count / 2), whole.dropFirst(1_000)]
            for data in damaged {
                try data.write(to: URL(fileURLWithPath: "\(folder)/.deps/silero/silero_vad.onnx"))
                let error = #expect(throws: EngineError.self) {
                    try SileroVoiceActivityDetector(installation: Installation(root: folder, pulledModelsFolder: folder))
                }
                #expect(error?.code == .invalid)
                #expect(error?.message.contains("make setup") == true)
            }
        }
    }
}
