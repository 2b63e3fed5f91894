import Audio
import Conversation
import Engines
import TestSupport
import Testing

/// What every ``Synthesizer`` promises, tried with each.
@Suite struct SynthesizerConformanceTests {
    enum Engine: String, CaseIterable {
        case flite, tone, http

        /// Those that say when words end.
        static let timing: [Engine] = [.flite, .tone]

        /// Lends the engine; a service runs meanwhile.
        func lend<Value: Sendable>(_ body: (any Synthesizer) async throws -> Value) async throws -> Value {
            switch self {
            case .flite: try await body(TestEngines.synthesizer())
            case .tone: try await body(ToneSynthesizer())
            case .http: try await SpeechServiceFixture.withService(Self.service) { try await body($0.synthesizer()) }
            }
        }

        /// Speaks 2 s of a tone, whatever the text.
        private static let service: FakeEndpoint.Handler = { _, answer in
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(SpeechSamples.bytes(SpeechSamples.tone(rate: 24_000, milliseconds: 2_000)))
            try await answer.end()
        }
    }

    private static let text = "Thank you for calling. Please hold the line."

    @Test(arguments: zip(Engine.allCases, ["flite", "tone", "openai"]))
    func namesAreThoseOfTheOptions(_ engine: Engine, _ name: String) async throws {
        #expect(try await engine.lend { $0.providerName } == name)
    }

    @Test(arguments: Engine.allCases)
    func wordsBecomeSoundOneCanHear(_ engine: Engine) async throws {
        let speech = try await engine.lend { try await Speech(of: Self.text, by: $0) }
        #expect((1_000...10_000).contains(speech.milliseconds))
        #expect(Loudness(of: speech.samples).rms > -30)
        #expect(Loudness(of: speech.samples).peak < -2)
    }

    @Test(arguments: Engine.timing)
    func wordEndsRiseThroughTheWholeText(_ engine: Engine) async throws {
        let speech = try await engine.lend { try await Speech(of: Self.text, by: $0) }
        #expect(speech.words.map(\.index) == Array(0..<8))
        let ends = speech.words.map(\.endMs)
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(ends.first) > 0)
        #expect(try #require(ends.last) <= speech.milliseconds)
    }

    @Test(arguments: Engine.timing)
    func aWordIsToldWithTheSoundThatEndsIt(_ engine: Engine) async throws {
        let speech = try await engine.lend { try await Speech(of: Self.text, by: $0) }
        var milliseconds = 0
        for chunk in speech.chunks {
            let before = milliseconds
            milliseconds += chunk.samples.count / 8
            // A chunk's length may not be a whole number of milliseconds.
            for word in chunk.words { #expect((before - 2...milliseconds + 2).contains(word.endMs)) }
        }
    }

    @Test(arguments: Engine.allCases, ["", "   ", "…", "?!", "🎉"])
    func nothingToSayGivesNoChunk(_ engine: Engine, _ text: String) async throws {
        #expect(try await engine.lend { try await Speech(of: text, by: $0).chunks.isEmpty })
    }

    @Test(arguments: Engine.allCases)
    func stoppingEarlyLeavesTheEngineReady(_ engine: Engine) async throws {
        try await engine.lend { synthesizer in
            for try await chunk in synthesizer.speak(Self.text) {
                #expect(!chunk.samples.isEmpty)
                break
            }
            #expect(try await !Speech(of: Self.text, by: synthesizer).samples.isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func callsSpeakSideBySide(_ engine: Engine) async throws {
        try await engine.lend { synthesizer in
            let alone = try await Speech(of: Self.text, by: synthesizer)
            let together = try await withThrowingTaskGroup(of: Speech.self) { group in
                for _ in 0..<6 { group.addTask { try await Speech(of: Self.text, by: synthesizer) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(together.allSatisfy { $0.words == alone.words && $0.samples.count == alone.samples.count })
        }
    }
}
