import Audio
import Conversation
import Testing

@testable import Engines

@Suite struct FliteSynthesizerTests {
    private static let sentence = "Hello, you have reached the front desk. How can I help you today?"

    @Test func theVoiceIsAsLoudAsATelephoneLineLikes() async throws {
        let loudness = Loudness(of: try await Speech(of: Self.sentence, by: TestEngines.synthesizer()).samples)
        #expect((-26 ... -14).contains(loudness.rms))
        #expect((-9 ... -2.9).contains(loudness.peak))
    }

    @Test func soundComesBeforeTheWholeTextIsMade() async throws {
        let speech = try await Speech(of: Self.sentence, by: TestEngines.synthesizer())
        #expect(speech.chunks.count > 10)
        #expect(speech.chunks.allSatisfy { $0.samples.count <= 2_000 })
    }

    @Test func everyWordOfTheTextHasItsEnd() async throws {
        let text = "“Café” costs $12.50 — at 7:30pm, (really) well-known & … ok"
        let speech = try await Speech(of: text, by: TestEngines.synthesizer())
        // The dash, the ampersand and the dots are words by white space, but nothing is said for them.
        #expect(speech.words.map(\.index) == [0, 1, 2, 4, 5, 6, 7, 10])
        let ends = speech.words.map(\.endMs)
        #expect(ends == ends.sorted() && Set(ends).count == ends.count)
        let price = speech.words[2].endMs - speech.words[1].endMs
        #expect(price > speech.words[3].endMs - speech.words[2].endMs, "twelve dollars fifty takes longer than at")
    }

    @Test func wordEndsGoOnThroughAllSentences() async throws {
        let speech = try await Speech(of: "One. Two. Three.", by: TestEngines.synthesizer())
        #expect(speech.words.map(\.index) == [0, 1, 2])
        let ends = speech.words.map(\.endMs)
        let total = speech.milliseconds
        #expect(ends[0] > 200 && ends[0] < total / 2)
        #expect(ends[2] > total / 2 && ends[2] <= total)
    }

    @Test(arguments: ["", " \n\t", "…", "🙂", "- — -", "\u{0}\u{7}"])
    func whatCannotBeSaidGivesNoChunk(_ text: String) async throws {
        #expect(try await Speech(of: text, by: TestEngines.synthesizer()).chunks.isEmpty)
    }

    @Test(arguments: ["Привет, как дела?", "请稍等", "Γειά σου"])
    func aTextInAnotherScriptIsAnErrorAndNotSilence(_ text: String) async throws {
        let error = await #expect(throws: EngineError.self) { try await Speech(of: text, by: TestEngines.synthesizer()) }
        #expect(error?.code == .invalid)
        #expect(error?.message.hasPrefix("the voice flite cannot say \"") == true)
    }

    @Test func aForeignNameIsHeardInItsPlace() async throws {
        let speech = try await Speech(of: "Please ask 王小明 today", by: TestEngines.synthesizer())
        #expect(speech.words.map(\.index) == [0, 1, 2, 3])
        let ends = speech.words.map(\.endMs)
        #expect(ends[2] - ends[1] > 300, "three syllables take their time")
    }

    @Test func nobodyListeningStopsTheVoiceInTheMiddleOfASentence() throws {
        let voice = try #require(FliteVoice.shared)
        let text = "This sentence takes several seconds to say, but nobody listens after its beginning."
        let piece = try #require(try SpeakableText(text).pieces.first)
        var chunks = 0
        let utterance = try FliteUtterance { _ in
            chunks += 1
            return chunks < 3
        }
        try voice.speak(piece, into: utterance)
        utterance.finish()
        #expect(chunks == 3)
        #expect(utterance.isStopped)
    }

    @Test func aFullQueueIsAnError() async throws {
        let synthesizer = try FliteSynthesizer(workers: 1, queueLimit: 0)
        let long = String(repeating: "This sentence is said again and again. ", count: 50)
        let first = synthesizer.speak(long)
        let second = synthesizer.speak("Yes.")
        let error = await #expect(throws: EngineError.self) { for try await _ in second {} }
        #expect(error?.code == .overloaded)
        for try await _ in first { break }
    }

    @Test func aVeryLongTextEndsWithAWholeSentence() async throws {
        let speech = try await Speech(of: String(repeating: "Say yes. ", count: 1_000), by: TestEngines.synthesizer())
        let last = try #require(speech.words.last).index
        #expect(last % 2 == 1 && (350..<450).contains(last))
    }

    @Test func theFirstWordComesWithoutAPause() async throws {
        var samples: [Int16] = []
        var words: [WordTiming] = []
        for try await chunk in try TestEngines.synthesizer().speak("Yes please do") {
            samples += chunk.samples
            words += chunk.words
        }
        let first = try #require(samples.firstIndex { $0.magnitude > 300 })
        #expect(first < 60 * 8, "\(first / 8) ms of silence before the first word")
        let last = try #require(words.last)
        #expect(words.map(\.index) == [0, 1, 2])
        #expect(last.endMs * 8 <= samples.count)
        #expect(last.endMs * 8 > samples.count / 2)
    }
}
