import Audio
import Conversation
import Engines
import Testing

/// What every ``Synthesizer`` promises, tried with each.
@Suite struct SynthesizerConformanceTests {
    enum Engine: String, CaseIterable {
        case flite, tone

        func make() throws -> any Synthesizer {
            switch self {
            case .flite: try TestEngines.synthesizer()
            case .tone: ToneSynthesizer()
            }
        }
    }

    private static let text = "Thank you for calling. Please hold the line."

    @Test func namesAreThoseOfTheOptions() throws {
        #expect(try Engine.allCases.map { try $0.make().providerName } == ["flite", "tone"])
    }

    @Test(arguments: Engine.allCases)
    func wordsBecomeSoundOneCanHear(_ engine: Engine) async throws {
        let speech = try await Speech(of: Self.text, by: engine.make())
        #expect((1_000...10_000).contains(speech.milliseconds))
        #expect(Loudness(of: speech.samples).rms > -30)
        #expect(Loudness(of: speech.samples).peak < -2)
    }

    @Test(arguments: Engine.allCases)
    func wordEndsRiseThroughTheWholeText(_ engine: Engine) async throws {
        let speech = try await Speech(of: Self.text, by: engine.make())
        #expect(speech.words.map(\.index) == Array(0..<8))
        let ends = speech.words.map(\.endMs)
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(ends.first) > 0)
        #expect(try #require(ends.last) <= speech.milliseconds)
    }

    @Test(arguments: Engine.allCases)
    func aWordIsToldWithTheSoundThatEndsIt(_ engine: Engine) async throws {
        let speech = try await Speech(of: Self.text, by: engine.make())
        var milliseconds = 0
        for chunk in speech.chunks {
            let before = milliseconds
            milliseconds += chunk.samples.count / 8
            // A chunk's length may not be a whole number of milliseconds.
            for word in chunk.words { #expect((before - 2...milliseconds + 2).contains(word.endMs)) }
        }
    }

    @Test(arguments: Engine.allCases, ["", "   "])
    func nothingToSayGivesNoChunk(_ engine: Engine, _ text: String) async throws {
        #expect(try await Speech(of: text, by: engine.make()).chunks.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func stoppingEarlyLeavesTheEngineReady(_ engine: Engine) async throws {
        let synthesizer = try engine.make()
        for try await chunk in synthesizer.speak(Self.text) {
            #expect(!chunk.samples.isEmpty)
            break
        }
        #expect(try await !Speech(of: Self.text, by: synthesizer).samples.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func callsSpeakSideBySide(_ engine: Engine) async throws {
        let synthesizer = try engine.make()
        let alone = try await Speech(of: Self.text, by: synthesizer)
        let together = try await withThrowingTaskGroup(of: Speech.self) { group in
            for _ in 0..<6 { group.addTask { try await Speech(of: Self.text, by: synthesizer) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(together.allSatisfy { $0.words == alone.words && $0.samples.count == alone.samples.count })
    }
}
