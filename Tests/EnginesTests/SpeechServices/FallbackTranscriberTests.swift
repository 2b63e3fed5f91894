import Conversation
import Engines
import TestSupport
import Testing

@Suite struct FallbackTranscriberTests {
    private static let failure = EngineError(.failed, "the service is down")
    private static let local = ScriptedEars { _ in "local" }

    @Test func theServiceIsHeardWhileItWorks() async throws {
        let (reports, local) = (Reports(), ScriptedEars { _ in "local" })
        let both = FallbackTranscriber(primary: ScriptedEars { _ in "service" }, local: local, report: reports.add)
        #expect(try await both.transcribe([1]).text == "service")
        #expect(local.asked == 0 && reports.all.isEmpty)
        #expect(both.providerName == "scripted")
    }

    @Test func theSameUtteranceIsReadHereWhenTheServiceFails() async throws {
        let reports = Reports()
        let service = ScriptedEars { _ in throw Self.failure }
        let both = FallbackTranscriber(primary: service, local: ScriptedEars { "local \($0)" }, report: reports.add)
        #expect(try await both.transcribe([1, 2]).text == "local [1, 2]")
        #expect(reports.all == ["the service is down"])
    }

    @Test func aFailingServiceIsLeftAloneAndTriedAgain() async throws {
        let (reports, clock) = (Reports(), StandingClock())
        let isDown = Moment.Switch(true)
        let service = ScriptedEars { _ in
            if isDown.isOn { throw Self.failure }
            return "service"
        }
        let both = FallbackTranscriber(primary: service, local: Self.local, clock: clock, report: reports.add)
        for _ in 0..<5 { #expect(try await both.transcribe([1]).text == "local") }
        #expect(service.asked == 2)
        #expect(reports.all == ["the service is down", "the service is down; it is left alone for 30 s"])
        clock.pass(ms: 30_000)
        isDown.turn(false)
        for _ in 0..<3 { #expect(try await both.transcribe([1]).text == "service") }
        #expect(reports.all.count == 2)
    }

    @Test func aStalledServiceCostsItsLimitAndNoWords() async throws {
        let reports = Reports()
        try await SpeechServiceFixture.withService({ _, answer in try await answer.stall() }) { service in
            let both = FallbackTranscriber(primary: service.transcriber(limitMs: 50), local: Self.local, report: reports.add)
            let transcription = try await both.transcribe(SpeechSamples.tone(rate: 8_000))
            #expect(transcription.text == "local")
            #expect(reports.all == ["the speech recognition service took longer than 50 ms"])
        }
    }

    @Test func withoutAnotherEngineTheServicesErrorIsThrownEachTime() async throws {
        let reports = Reports()
        let service = ScriptedEars { _ in throw Self.failure }
        let alone = FallbackTranscriber(primary: service, local: nil, clock: StandingClock(), report: reports.add)
        for _ in 0..<4 { await #expect(throws: EngineError.self) { try await alone.transcribe([1]) } }
        #expect(service.asked == 4)
        #expect(try await alone.preview([1]) == nil)
        #expect(alone.backlog == TranscriptionBacklog())
    }

    @Test func previewsAndBacklogAreThoseOfThisMachine() async throws {
        let service = ScriptedEars { _ in throw Self.failure }
        let both = FallbackTranscriber(primary: service, local: Self.local) { _ in }
        #expect(try await both.preview([1])?.text == "preview")
        #expect(both.backlog.waiting == 7)
        #expect(service.asked == 0)
    }

    @Test func wordsThatNobodyWantsAreNoFailure() async throws {
        let (reports, local, asked) = (Reports(), ScriptedEars { _ in "local" }, Moment())
        let service = ScriptedEars { _ in
            asked.come()
            let never = AsyncStream<Void> { _ in }
            for await _ in never {}
            throw CancellationError()
        }
        let both = FallbackTranscriber(primary: service, local: local, report: reports.add)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await both.transcribe([1]) }
            await asked.wait()
            group.cancelAll()
        }
        #expect(local.asked == 0 && reports.all.isEmpty)
    }
}
