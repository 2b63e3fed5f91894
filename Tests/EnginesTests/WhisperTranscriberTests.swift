import Audio
import Conversation
import Testing

@testable import Engines

@Suite struct WhisperTranscriberTests {
    @Test(arguments: Clip.all)
    func aCallersClipIsReadWordForWord(_ clip: Clip) async throws {
        let result = try await TestEngines.transcriber().transcribe(TestEngines.sample(clip.name))
        #expect(result.text == clip.words)
        #expect(result.processing > .zero)
    }

    @Test func lineNoiseAndAClickAreNoWords() async throws {
        let result = try await TestEngines.transcriber().transcribe(TestEngines.sample("caller-silence-noise"))
        #expect(result.text.isEmpty)
    }

    @Test(arguments: NonSpeech.allCases)
    func whatIsNotSpeechGivesNoText(_ sound: NonSpeech) async throws {
        #expect(try await TestEngines.transcriber().transcribe(sound.samples).text.isEmpty)
    }

    @Test func aTouchOfSoundIsNotRead() async throws {
        let result = try await TestEngines.transcriber().transcribe(NonSpeech.noise(amplitude: 20_000, count: 799))
        #expect(result == Transcription(text: ""))
    }

    @Test func twoTurnsAreReadOneByOne() async throws {
        let clip = try TestEngines.sample("caller-two-turns")
        let turns = try SpeechSegments.find(in: clip, with: TestEngines.detector(), bridging: 1_000).map(\.samples)
        #expect(turns.count == 2)
        var read: [String] = []
        for turn in turns { read.append(try await TestEngines.transcriber().transcribe(Array(clip[turn])).text) }
        #expect(read == ["hello my name is anna", "i need to cancel my reservation for friday"])
    }

    @Test func anUtteranceLongerThanTheModelReadsIsReadInPieces() async throws {
        let long = try ["caller-operator", "caller-unseen-voice"].flatMap(TestEngines.sample)
        #expect(try long.count / 8 > TestEngines.bundledModel().longestClip)
        let text = try await TestEngines.transcriber().transcribe(long).text
        #expect(text == "i would like to speak to an operator please transfer me to the sales department")
    }

    /// One model serves all workers, so clips read side by side must come out as if read alone.
    @Test func readingSideBySideChangesNothing() async throws {
        let transcriber = try WhisperTranscriber(
            model: TestEngines.bundledModel(),
            installation: TestEngines.installation,
            workers: 4,
            queueLimit: 200
        )
        let clips = try Clip.all.map { try TestEngines.sample($0.name) }
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for _ in 0..<5 {
                for (index, clip) in clips.enumerated() { group.addTask { (index, try await transcriber.transcribe(clip).text) } }
            }
            for try await (index, text) in group { #expect(text == Clip.all[index].words) }
        }
    }

    @Test func aPreviewByAnIdleWorkerReadsAsTheWholeDoes() async throws {
        let clip = try TestEngines.sample("caller-book-table")
        let transcriber = try WhisperTranscriber(model: TestEngines.bundledModel(), installation: TestEngines.installation, workers: 1)
        let preview = try await transcriber.preview(clip)
        #expect(preview?.text == "i would like to book a table for two")
        #expect(try #require(preview).processing > .zero)
        #expect(try await transcriber.preview(Array(clip.prefix(700)))?.text == "")
    }

    @Test func aPreviewOfALongUtteranceReadsItsEndInOneGo() async throws {
        let long = try ["caller-operator", "caller-unseen-voice"].flatMap(TestEngines.sample)
        let transcriber = try WhisperTranscriber(model: TestEngines.bundledModel(), installation: TestEngines.installation, workers: 1)
        let text = try await transcriber.preview(long)?.text ?? ""
        #expect(text.hasSuffix("transfer me to the sales department"))
        #expect(!text.hasPrefix("i would like"))
    }

    @Test(arguments: [
        ([5, 1, 5, 1, 5, 1], true), ([9, 5, 1, 5, 1, 5, 1], true), ([7, 7, 7, 7, 7, 7], true), ([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], true),
        ([7, 7, 7, 7, 7], false), ([5, 1, 5, 1, 5], false), ([1, 2, 3, 4, 5, 6, 7], false), ([5, 1, 5, 1, 5, 1, 2], false), ([], false),
    ])
    func tokensThatComeAgainAndAgainAreALoop(tokens: [Int], isLoop: Bool) {
        #expect(WhisperRecognizer.repeatsItself(tokens) == isLoop)
    }

    @Test(arguments: [
        ([1, 2, 7, 7, 7, 7, 7, 7], [1, 2, 7]), ([3, 5, 1, 5, 1, 5, 1], [3, 5, 1]), ([5, 1, 5, 1, 5, 1], [5, 1]), ([1, 2, 3], [1, 2, 3]),
    ])
    func whatIsRepeatedIsKeptOnce(tokens: [Int], kept: [Int]) {
        #expect(WhisperRecognizer.withoutRepetition(tokens) == kept)
    }

    /// A cancelled decode must free its worker for the next caller.
    @Test func aReadingThatIsStoppedGivesItsWorkerBack() async throws {
        let recognizer = try WhisperRecognizer(model: TestEngines.bundledModel(), library: TestEngines.installation.inferenceLibrary)
        let samples = try TestEngines.sample("caller-book-table").flatMap { [Float($0) / 32_768, Float($0) / 32_768] }
        let stop = ReadingStop()
        stop.stop()
        #expect(throws: EngineError.self) { try recognizer.read(samples, in: "en", until: stop) }
        #expect(try !recognizer.read(samples, in: "en").text.isEmpty)
    }

    @Test func whatIsReadSaysHowSureTheModelIs() async throws {
        let result = try await TestEngines.transcriber().transcribe(TestEngines.sample("caller-book-table"))
        #expect(try #require(result.confidence) > 0.8)
    }

    @Test func aCancelledCallGetsNoText() async throws {
        let clip = try TestEngines.sample("caller-yes")
        let transcriber = try TestEngines.transcriber()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transcriber.transcribe(clip)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
