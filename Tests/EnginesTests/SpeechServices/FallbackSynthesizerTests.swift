import Conversation
import Engines
import TestSupport
import Testing

@Suite struct FallbackSynthesizerTests {
    private static let text = "Thank you for calling. Please hold the line."
    private static let failure = EngineError(.failed, "the voice is down")
    private static let silence = SpeechChunk(samples: [Int16](repeating: 0, count: 800))

    @Test func theServiceSpeaksWhileItWorks() async throws {
        let (reports, local) = (Reports(), ScriptedVoice([]))
        let both = FallbackSynthesizer(primary: ToneSynthesizer(), local: local, report: reports.add)
        #expect(try await Speech(of: Self.text, by: both).chunks == Speech(of: Self.text, by: ToneSynthesizer()).chunks)
        #expect(both.providerName == "tone" && local.asked.isEmpty && reports.all.isEmpty)
    }

    @Test func aServiceThatFailsAtOnceLeavesTheWholeTextToThisMachine() async throws {
        let reports = Reports()
        let both = FallbackSynthesizer(primary: ScriptedVoice([], failing: Self.failure), local: ToneSynthesizer(), report: reports.add)
        #expect(try await Speech(of: Self.text, by: both).chunks == Speech(of: Self.text, by: ToneSynthesizer()).chunks)
        #expect(reports.all == ["the voice is down"])
    }

    @Test func aServiceThatBreaksOffIsTakenOverAtTheWordItHadReached() async throws {
        // 1 s of sound: at 60 ms a letter "Thank you for " has been said, and "calling." was begun.
        let service = ScriptedVoice([SpeechChunk](repeating: Self.silence, count: 10), failing: Self.failure)
        let (reports, local) = (Reports(), ScriptedVoice(as: ToneSynthesizer()))
        let speech = try await Speech(of: Self.text, by: FallbackSynthesizer(primary: service, local: local, report: reports.add))
        #expect(local.asked == ["calling. Please hold the line."])
        #expect(reports.all == ["the voice is down"])
        #expect(speech.words.map(\.index) == Array(0..<8))
        #expect(speech.words.map(\.endMs) == [360, 600, 840, 1_480, 1_900, 2_200, 2_440, 2_800])
        #expect(speech.milliseconds == 1_000 + 30 * 60)
    }

    @Test func aServiceThatTellsItsWordsIsTakenOverAfterTheLastOfThem() async throws {
        let told = SpeechChunk(samples: Self.silence.samples, words: [WordTiming(index: 0, endMs: 40), WordTiming(index: 1, endMs: 90)])
        let local = ScriptedVoice([SpeechChunk(samples: [1], words: [WordTiming(index: 0, endMs: 10)])])
        let both = FallbackSynthesizer(primary: ScriptedVoice([told], failing: Self.failure), local: local) { _ in }
        let speech = try await Speech(of: Self.text, by: both)
        #expect(local.asked == ["for calling. Please hold the line."])
        #expect(speech.words.map(\.index) == [0, 1, 2] && speech.words.map(\.endMs) == [40, 90, 110])
    }

    @Test func aServiceThatBreaksOffLateHasAtLeastTheLastWordSaidAgain() async throws {
        let service = ScriptedVoice([SpeechChunk](repeating: Self.silence, count: 100), failing: Self.failure)
        let local = ScriptedVoice([Self.silence])
        let speech = try await Speech(of: Self.text, by: FallbackSynthesizer(primary: service, local: local) { _ in })
        #expect(local.asked == ["line."])
        #expect(speech.words.isEmpty)
    }

    @Test func aStalledServiceIsTakenOverInTheMiddleOfAText() async throws {
        let reports = Reports()
        try await SpeechServiceFixture.withService({ _, answer in
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(SpeechSamples.bytes(SpeechSamples.tone(rate: 24_000)))
            try await answer.stall()
        }) { service in
            let local = ScriptedVoice([Self.silence])
            let both = FallbackSynthesizer(primary: service.synthesizer(betweenAudioMs: 60), local: local, report: reports.add)
            let speech = try await Speech(of: Self.text, by: both)
            // How much of the second has arrived in time is the machine's affair.
            #expect(speech.milliseconds > 100)
            #expect(local.asked.count == 1 && local.asked.allSatisfy { Self.text.hasSuffix($0) })
            #expect(reports.all == ["the voice service took longer than 60 ms"])
        }
    }

    @Test func aFailingServiceIsLeftAloneAndTriedAgain() async throws {
        let (reports, clock) = (Reports(), StandingClock())
        let service = ScriptedVoice([Self.silence], failing: Self.failure)
        let both = FallbackSynthesizer(primary: service, local: ToneSynthesizer(), clock: clock, report: reports.add)
        for _ in 0..<5 { _ = try await Speech(of: Self.text, by: both) }
        #expect(service.asked.count == 2 && reports.all.count == 2)
        clock.pass(ms: 30_000)
        for _ in 0..<5 { _ = try await Speech(of: Self.text, by: both) }
        #expect(service.asked.count == 3 && reports.all.count == 3)
    }

    @Test func aServiceThatEndsWithoutSoundHasFailed() async throws {
        let reports = Reports()
        let both = FallbackSynthesizer(primary: ScriptedVoice([]), local: ToneSynthesizer(), report: reports.add)
        #expect(try await Speech(of: Self.text, by: both).chunks == Speech(of: Self.text, by: ToneSynthesizer()).chunks)
        #expect(reports.all == ["the voice scripted made no sound"])
    }

    @Test(arguments: [nil, FallbackSynthesizerTests.failure])
    func whatNeitherVoiceCanSayIsAnError(_ localFailure: EngineError?) async throws {
        let local = ScriptedVoice([], failing: localFailure)
        let both = FallbackSynthesizer(primary: ScriptedVoice([], failing: Self.failure), local: local) { _ in }
        await #expect(throws: EngineError.self) { try await Speech(of: "Привет", by: both) }
        #expect(local.asked == ["Привет"])
    }

    @Test func aTextWithoutWordsNeedsNoSound() async throws {
        let reports = Reports()
        let both = FallbackSynthesizer(primary: ScriptedVoice([]), local: ScriptedVoice([]), report: reports.add)
        #expect(try await Speech(of: "…", by: both).chunks.isEmpty)
        #expect(reports.all.isEmpty)
    }

    @Test func aFailedBodyIsNotKept() async throws {
        let isDown = Moment.Switch(true)
        let handler: FakeEndpoint.Handler = { _, answer in
            if isDown.isOn { return try await answer.whole("ID3\u{4}\u{0}", type: "audio/pcm") }
            try await answer.begin(type: "audio/pcm")
            try await answer.chunk(SpeechSamples.bytes(SpeechSamples.tone(rate: 24_000)))
            try await answer.end()
        }
        try await SpeechServiceFixture.withService(handler) { (service: SpeechServiceFixture) async throws -> Void in
            let pair = FallbackSynthesizer(primary: service.synthesizer(), local: ToneSynthesizer()) { _ in }
            let voice = CachingSynthesizer(pair, preparing: service.synthesizer())
            voice.prepare("Hello.")
            voice.retire()
            await voice.run()
            let local = try await Speech(of: "Hello.", by: ToneSynthesizer())
            let first = try await Speech(of: "Hello.", by: voice)
            #expect(first.chunks == local.chunks)
            isDown.turn(false)
            let second = try await Speech(of: "Hello.", by: voice)
            #expect(second.samples.count == 8_000)
        }
    }

    @Test func withoutAnotherVoiceTheServicesErrorIsThrown() async throws {
        let alone = FallbackSynthesizer(primary: ScriptedVoice([], failing: Self.failure), local: nil) { _ in }
        for _ in 0..<4 { await #expect(throws: EngineError.self) { try await Speech(of: Self.text, by: alone) } }
    }

    @Test func aTestThatIsInterruptedIsMadeAgain() async throws {
        let clock = StandingClock()
        let isDown = Moment.Switch(true)
        let service = ScriptedVoice { _, speech in
            if isDown.isOn { return speech.finish(throwing: Self.failure) }
            speech.yield(Self.silence)
        }
        let both = FallbackSynthesizer(primary: service, local: ToneSynthesizer(), clock: clock) { _ in }
        for _ in 0..<2 { _ = try await Speech(of: Self.text, by: both) }
        clock.pass(ms: 30_000)
        isDown.turn(false)
        for _ in 0..<2 {
            for try await chunk in both.speak(Self.text) {
                #expect(chunk == Self.silence)
                break
            }
        }
    }

    @Test func aServiceThatIsInterruptedWhileItSpeaksHasWorked() async throws {
        let isDown = Moment.Switch(true)
        let service = ScriptedVoice { _, speech in
            if isDown.isOn { return speech.finish(throwing: Self.failure) }
            speech.yield(Self.silence)
        }
        let both = FallbackSynthesizer(primary: service, local: ToneSynthesizer(), clock: StandingClock()) { _ in }
        for turn in 0..<6 {
            isDown.turn(turn.isMultiple(of: 2))
            for try await _ in both.speak(Self.text) { break }
        }
        #expect(service.asked.count == 6)
    }

    @Test func bargeInIsNoFailureAndReachesTheService() async throws {
        let (reports, stopped) = (Reports(), Moment())
        let service = ScriptedVoice { _, speech in
            speech.onTermination = { _ in stopped.come() }
            speech.yield(Self.silence)
        }
        let local = ScriptedVoice([])
        for try await _ in FallbackSynthesizer(primary: service, local: local, report: reports.add).speak(Self.text) { break }
        await stopped.wait()
        #expect(reports.all.isEmpty && local.asked.isEmpty)
    }
}
