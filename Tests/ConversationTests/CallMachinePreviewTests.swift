import Testing

@testable import Conversation

/// Words shown while the caller speaks.
struct CallMachinePreviewTests {
    private func call() -> MachineDriver { MachineDriver { $0.turns.previewEveryMs = 800 } }

    private func tasks(_ call: MachineDriver) -> [Int] {
        call.actions.compactMap { if case .preview(let task, _) = $0 { task } else { nil } }
    }

    private func previewed(_ call: inout MachineDriver, _ text: String?, costMs: Int = 50) {
        let task = tasks(call).last ?? 0
        let transcription = text.map { Transcription(text: $0, processing: .milliseconds(costMs)) }
        call.perform { $0.transcribed(task: task, transcription, nowMs: $1) }
    }

    @Test func wordsSoFarAreToldWhileTheCallerSpeaks() {
        var call = call()
        call.caller(speaks: true, ms: 832)
        #expect(call.previews == [0..<800])
        previewed(&call, "I would")
        #expect(call.events.last == .partial(text: "I would", turn: 1, audioMs: 832, confidence: nil))
    }

    @Test func previewsAreAskedForAtABoundedRateAndOneAtATime() {
        var call = call()
        call.caller(speaks: true, ms: 4000)
        #expect(call.previews.count == 1, "the first has not come")
        previewed(&call, "I would")
        for _ in 0..<10 {
            call.caller(speaks: true, ms: 800)
            previewed(&call, "I would")
        }
        #expect(call.previews.count <= 11)
        #expect(call.partials == ["I would"], "the same is told once")
        for (first, second) in zip(call.previews, call.previews.dropFirst()) { #expect(second.upperBound - first.upperBound >= 800) }
    }

    @Test func dearPreviewsAreRarer() {
        var call = call()
        call.caller(speaks: true, ms: 832)
        previewed(&call, "I", costMs: 400)
        call.caller(speaks: true, ms: 16_000)
        for (first, second) in zip(call.previews, call.previews.dropFirst()) { #expect(second.upperBound - first.upperBound >= 3200) }
        #expect(call.previews.count == 2, "the second has not come")
    }

    @Test func previewThatWasNotMadeIsAskedForAgainLater() {
        var call = call()
        call.caller(speaks: true, ms: 832)
        previewed(&call, nil)
        call.caller(speaks: true, ms: 800)
        #expect(call.previews.count == 2)
        #expect(call.events == [.speechStarted(audioMs: 0)], "no error is told")
    }

    @Test func pauseDropsThePreviewForTheWordsThemselves() {
        var call = call()
        call.caller(speaks: true, ms: 832)
        call.forgetActions()
        call.caller(speaks: false, ms: 224)
        #expect(call.actions == [.cancelTranscription(task: 1), .transcribe(task: 2, clip: 0..<1056)])
        call.perform { $0.transcribed(task: 1, Transcription(text: "late"), nowMs: $1) }
        #expect(call.partials.isEmpty)
        call.caller(speaks: false, ms: 512)
        call.transcribed(2, "I would like a table")
        #expect(call.finals == ["I would like a table"])
    }

    @Test func endOfTheCallDropsThePreviewToo() {
        var call = call()
        call.caller(speaks: true, ms: 832)
        call.forgetActions()
        call.end()
        #expect(call.actions.prefix(2) == [.cancelTranscription(task: 1), .emit(.speechStopped(audioMs: 832))])
        call.transcribed(2, "Goodbye")
        #expect(call.finals == ["Goodbye"])
    }

    @Test func previewOfASecondStretchFollowsTheWordsOfTheFirst() {
        var call = call()
        call.callerSpeaksAndWaits(ms: 480, silenceMs: 960)
        call.transcribed(1, "I would like to")
        call.caller(speaks: true, ms: 832)
        #expect((call.previews.last?.lowerBound ?? 0) > 704)
        previewed(&call, "book a")
        #expect(call.partials.last == "I would like to book a")
    }

    @Test func oneWordHalfHeardDoesNotTakeTheFloorButTwoDo() {
        var call = call()
        call.exchange(task: 2, ms: 8000)
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 832)
        previewed(&call, "stop")
        #expect(!call.events.contains { if case .bargeIn = $0 { true } else { false } })
        #expect(call.partials == ["stop"])
        call.caller(speaks: true, ms: 832)
        previewed(&call, "stop talking")
        #expect(call.events.contains { if case .bargeIn(1, _) = $0 { true } else { false } })
        call.caller(speaks: false, ms: 736)
        call.transcribed(5, "stop talking now")
        #expect(call.asked == [1, 2])
    }
}
