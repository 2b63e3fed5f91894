import Audio
import Testing

@testable import Conversation

@Suite(.timeLimit(.minutes(10)))
struct CallSessionTests {
    private func isStopped(_ event: CallEvent?) -> Bool {
        if case .stopped? = event { true } else { false }
    }

    @Test func callGoesFromAudioToAudio() async throws {
        let transcriber = ListTranscriber(["Hello"])
        let record = try await CallBench.withCall(transcriber: transcriber) { bench in
            await bench.caller(speaks: false, fromMs: 0, ms: 400)
            await bench.caller(speaks: true, fromMs: 400, ms: 800)
            await bench.caller(speaks: false, fromMs: 1200, ms: 900)
            await bench.until { bench.events.contains(.assistantHeard(text: "You said so.", turn: 1, complete: true)) }
            bench.send(.digit("9"))
            bench.send(.stopped("bye"))
            await bench.until { isStopped(bench.events.last) }
        }
        let events = record.events.filter { if case .turnMetrics = $0 { false } else { true } }
        #expect(
            events == [
                .active, .speechStarted(audioMs: 384), .partial(text: "Hello", turn: 1, audioMs: 1216, confidence: nil),
                .speechStopped(audioMs: 1216),
                .final(text: "Hello", turn: 1, audioMs: 1216, confidence: nil), .assistantText(text: "You said so.", turn: 1),
                .assistantHeard(text: "You said so.", turn: 1, complete: true), .digit("9"), .keyed(digits: "9", turn: 2), .stopped(reason: "bye"),
            ]
        )
        #expect(transcriber.utterances.map(\.count) == [(1440 - 84) * 8])
        #expect(record.played == MuLaw.encode([Int16](repeating: 5000, count: 12 * 400)))
    }

    @Test func cancelledCallLeavesNothingBehindAndSaysNothing() async throws {
        let transcriber = ListTranscriber(["Hello", nil])
        let assistant = TokenAssistant(tokens: ["Good morning to you. ", "And"], hangs: true)
        var told = 0
        var unfinished = 0
        let record = try await CallBench.withCall(transcriber: transcriber, assistant: assistant) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 400)
            await bench.caller(speaks: false, fromMs: 400, ms: 900)
            await bench.until { !bench.record.played.isEmpty }
            await bench.caller(speaks: true, fromMs: 1300, ms: 400)
            await bench.caller(speaks: false, fromMs: 1700, ms: 900)
            await bench.until { transcriber.running == 1 }
            unfinished = transcriber.running
            told = bench.events.count
            #expect(!bench.record.played.isEmpty)
        }
        #expect(unfinished == 1)
        #expect(transcriber.running == 0)
        record.ringOut()
        #expect(record.events.count == told)
        #expect(record.alarmCount == 0)
    }

    @Test func inputsEndingWithoutAStopAreALoss() async throws {
        let record = try await CallBench.withCall { bench in
            bench.hangUpWithoutAWord()
            await bench.until { isStopped(bench.events.last) }
        }
        #expect(record.events == [.active, .stopped(reason: "stream_lost")])
    }

    @Test func lastWordsAreRecognisedAfterTheStop() async throws {
        let record = try await CallBench.withCall(transcriber: ListTranscriber(["Goodbye"])) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            bench.send(.stopped("bye"))
            await bench.until { isStopped(bench.events.last) }
        }
        #expect(record.events.suffix(2) == [.final(text: "Goodbye", turn: 1, audioMs: 640, confidence: nil), .stopped(reason: "bye")])
    }

    @Test func callStopsInTimeThoughTheTranscriberNeverReturns() async throws {
        let transcriber = ListTranscriber([nil])
        let record = try await CallBench.withCall(transcriber: transcriber, configure: { $0.lastWordsMs = 2000 }) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            bench.send(.stopped("bye"))
            await bench.until { isStopped(bench.events.last) }
        }
        #expect(
            record.events.suffix(3) == [
                .error(message: "1 last utterance(s) were not recognised in time", stage: "stt"),
                .dismissed(text: "", audioMs: 640, reason: .late), .stopped(reason: "bye"),
            ]
        )
        #expect(transcriber.running == 0)
    }

    @Test func lostFramesBecomeSilenceInTheUtterance() async throws {
        // The hole is a pause, after which the caller goes on.
        let transcriber = ListTranscriber(["Hel", "Hello"])
        _ = try await CallBench.withCall(transcriber: transcriber) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 320)
            await bench.caller(speaks: true, fromMs: 640, ms: 320)
            await bench.caller(speaks: false, fromMs: 960, ms: 800)
            await bench.until { transcriber.utterances.count == 2 }
        }
        let utterance = try #require(transcriber.utterances.last)
        #expect(utterance.count == 1184 * 8)
        #expect(utterance[(320 * 8)..<(640 * 8)].allSatisfy { $0 == 0 })
        #expect(utterance[(640 * 8)..<(960 * 8)].allSatisfy { $0 != 0 })
    }

    @Test func wordsBeforeALongOutageAreRecognised() async throws {
        let transcriber = ListTranscriber(["Hello"])
        let record = try await CallBench.withCall(transcriber: transcriber) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 60_000, ms: 40)
            await bench.until { transcriber.utterances.count == 1 }
        }
        #expect(record.events.contains(.speechStopped(audioMs: 640)))
        #expect(transcriber.utterances.first?.count == 640 * 8)
    }

    @Test func detectorThatFailsOnceIsToldAndTheCallGoesOn() async throws {
        let transcriber = ListTranscriber(["Hello"])
        let detector = LoudnessDetector { $0 == 5 }
        let record = try await CallBench.withCall(transcriber: transcriber, detector: detector) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 640, ms: 900)
            await bench.until { bench.events.contains { if case .final = $0 { true } else { false } } }
        }
        #expect(record.events.count { $0 == .error(message: "the detector broke", stage: "vad") } == 1)
    }

    @Test func detectorThatAlwaysFailsIsToldOnce() async throws {
        let record = try await CallBench.withCall(detector: LoudnessDetector { _ in true }) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            bench.send(.stopped("bye"))
            await bench.until { isStopped(bench.events.last) }
        }
        #expect(record.events == [.active, .error(message: "the detector broke", stage: "vad"), .stopped(reason: "bye")])
    }

    @Test func failingAssistantIsHeardToApologise() async throws {
        let assistant = TokenAssistant(tokens: [], failure: EngineError(.failed, "no answer"))
        let record = try await CallBench.withCall(
            transcriber: ListTranscriber(["Hello"]),
            assistant: assistant,
            configure: { $0.apology = "Sorry." }
        ) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 640, ms: 900)
            await bench.until { bench.events.contains(.assistantHeard(text: "Sorry.", turn: 1, complete: true)) }
        }
        #expect(record.events.contains(.error(message: "no answer", stage: "assistant")))
        #expect(record.played.count == 300 * 8)
    }

    @Test func clearIsTheLastThatIsSentOfAnInterruptedAnswer() async throws {
        let assistant = TokenAssistant(tokens: [String](repeating: "word ", count: 40))
        let record = try await CallBench.withCall(transcriber: ListTranscriber(["Hello", "please stop that right now"]), assistant: assistant) {
            bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 640, ms: 1500)
            await bench.until { !bench.record.played.isEmpty }
            await bench.caller(speaks: true, fromMs: 2140, ms: 200)
            await bench.caller(speaks: false, fromMs: 2340, ms: 500)
            await bench.standStill { bench.events.contains { if case .bargeIn = $0 { true } else { false } } }
            await bench.caller(speaks: false, fromMs: 2840, ms: 1500)
            await bench.until { bench.events.contains { if case .assistantText(_, 2) = $0 { true } else { false } } }
            await bench.pass(ms: 2000)
        }
        let clearAt = try #require(record.commands.firstIndex(of: .clear))
        let after = record.commands[clearAt...].compactMap { if case .mark(let name) = $0 { name } else { nil } }
        #expect(after.allSatisfy { $0.hasPrefix("t2.") } && !after.isEmpty)
        #expect(record.events.contains { if case .bargeIn(1, _) = $0 { true } else { false } })
    }

    @Test func coughInterruptsAnAnswerOnlyForAWhile() async throws {
        let assistant = TokenAssistant(tokens: [String](repeating: "word ", count: 20))
        let record = try await CallBench.withCall(transcriber: ListTranscriber(["Hello", ""]), assistant: assistant) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 640, ms: 900)
            await bench.until { !bench.record.played.isEmpty }
            await bench.caller(speaks: true, fromMs: 1540, ms: 200)
            await bench.caller(speaks: false, fromMs: 1740, ms: 1500)
            await bench.until { bench.events.contains { if case .assistantHeard(_, 1, true) = $0 { true } else { false } } }
        }
        #expect(record.commands.count { $0 == .clear } == 1)
        #expect(record.events.contains { if case .assistantResumed(1, _) = $0 { true } else { false } })
    }

    @Test func fixedClipsHoldExactlyThreeSecondsOfSamples() async throws {
        let transcriber = ListTranscriber([])
        _ = try await CallBench.withCall(transcriber: transcriber, configure: { $0.turns.segmentation = .fixed }) { bench in
            await bench.caller(speaks: true, fromMs: 57, ms: 6100)
            await bench.until { transcriber.utterances.count == 2 }
        }
        #expect(transcriber.utterances.map(\.count) == [24_000, 24_000])
    }
}
