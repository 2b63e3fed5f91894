import Conversation
import Engines
import Testing

@Suite struct CachingSynthesizerTests {
    private static let words = [WordTiming(index: 0, endMs: 150), WordTiming(index: 1, endMs: 450)]
    private static let speech = SpeechChunk(samples: (0..<4_000).map { Int16($0) }, words: words)

    /// Runs a synthesizer's preparation beside `body`.
    private static func withPreparation(_ synthesizer: CachingSynthesizer, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await synthesizer.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func aPreparedPhraseIsSynthesisedOnce() async throws {
        let (begun, goOn) = (Moment(), Moment.Box<ScriptedVoice.Speech.Continuation>())
        let voice = ScriptedVoice { _, speech in
            goOn.put(speech)
            begun.come()
        }
        let synthesizer = CachingSynthesizer(voice)
        try await Self.withPreparation(synthesizer) {
            synthesizer.prepare("Hello there")
            synthesizer.prepare("Hello there")
            await begun.wait()
            let early = synthesizer.speak("Hello there")
            goOn.take?.yield(Self.speech)
            goOn.take?.finish()
            var chunks: [SpeechChunk] = []
            for try await chunk in early { chunks.append(chunk) }
            #expect(chunks.map(\.samples.count) == [1_600, 1_600, 800])
            #expect(chunks.flatMap(\.samples) == Self.speech.samples)
            #expect(chunks.map(\.words) == [[Self.words[0]], [], [Self.words[1]]])
            synthesizer.prepare("Hello there")
            for _ in 0..<3 { #expect(try await Speech(of: "Hello there", by: synthesizer).chunks == chunks) }
            #expect(voice.asked == ["Hello there"])
        }
    }

    @Test func otherTextsAreSpokenAsIfNothingWerePrepared() async throws {
        let synthesizer = CachingSynthesizer(ToneSynthesizer())
        #expect(synthesizer.providerName == "tone")
        #expect(try await Speech(of: "Hello", by: synthesizer).chunks == Speech(of: "Hello", by: ToneSynthesizer()).chunks)
    }

    @Test func aPhraseWhosePreparationHasNotBegunIsNotWaitedFor() async throws {
        let synthesizer = CachingSynthesizer(ToneSynthesizer())
        synthesizer.prepare("Hello")
        #expect(try await !Speech(of: "Hello", by: synthesizer).samples.isEmpty)
    }

    @Test func aPreparationThatFailsLeavesThePhraseToTheVoice() async throws {
        let (begun, goOn) = (Moment(), Moment.Box<ScriptedVoice.Speech.Continuation>())
        let preparing = ScriptedVoice { _, speech in
            goOn.put(speech)
            begun.come()
        }
        let voice = ScriptedVoice([Self.speech])
        let synthesizer = CachingSynthesizer(voice, preparing: preparing)
        try await Self.withPreparation(synthesizer) {
            synthesizer.prepare("Hello")
            await begun.wait()
            let early = synthesizer.speak("Hello")
            goOn.take?.yield(Self.speech)
            goOn.take?.finish(throwing: EngineError(.failed, "down"))
            var chunks: [SpeechChunk] = []
            for try await chunk in early { chunks.append(chunk) }
            #expect(chunks == [Self.speech])
            // It may be asked for again.
            synthesizer.prepare("Hello")
            await begun.wait()
            #expect(preparing.asked == ["Hello", "Hello"])
        }
    }

    @Test func aListenerWhoGoesWhileAPhraseIsPreparedDoesNotStopIt() async throws {
        let (begun, goOn) = (Moment(), Moment.Box<ScriptedVoice.Speech.Continuation>())
        let voice = ScriptedVoice { _, speech in
            goOn.put(speech)
            begun.come()
        }
        let synthesizer = CachingSynthesizer(voice)
        try await Self.withPreparation(synthesizer) {
            synthesizer.prepare("Hello")
            await begun.wait()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await Speech(of: "Hello", by: synthesizer) }
                group.cancelAll()
            }
            let other = synthesizer.speak("Hello")
            goOn.take?.yield(Self.speech)
            goOn.take?.finish()
            var samples: [Int16] = []
            for try await chunk in other { samples += chunk.samples }
            #expect(samples == Self.speech.samples)
            #expect(voice.asked.count == 1)
        }
    }

    @Test func aPreparationThatEndsWithTheServerKeepsNobodyWaiting() async throws {
        let begun = Moment()
        let preparing = ScriptedVoice { _, _ in begun.come() }
        let synthesizer = CachingSynthesizer(ScriptedVoice([Self.speech]), preparing: preparing)
        synthesizer.prepare("Hello")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await synthesizer.run() }
            await begun.wait()
            group.cancelAll()
        }
        #expect(try await Speech(of: "Hello", by: synthesizer).chunks == [Self.speech])
    }
}
