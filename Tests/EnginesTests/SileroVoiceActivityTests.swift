import Conversation
import Engines
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
            try files.createSymbolicLink(atPath: "\(folder)/.deps/sherpa-onnx", withDestinationPath: "\(TestEngines.root)/.deps/sherpa-onnx")
            try Data("not a model".utf8).write(to: URL(fileURLWithPath: "\(folder)/.deps/silero/silero_vad.onnx"))
            let error = #expect(throws: EngineError.self) {
                try SileroVoiceActivityDetector(installation: Installation(root: folder, pulledModelsFolder: folder))
            }
            #expect(error?.code == .invalid)
        }
    }
}
