import Testing

@testable import Conversation

/// Where the time of a turn goes.
struct CallMachineMetricsTests {
    /// A turn that is answered, with this much time in each step.
    private func turn(recognisedAfterMs: Int = 300, echoesMarks: Bool = true, echoDelayMs: Int = 0) -> MachineDriver {
        var call = MachineDriver()
        call.echoesMarks = echoesMarks
        call.echoDelayMs = echoDelayMs
        call.caller(speaks: true, ms: 640)
        call.caller(speaks: false, ms: 224)
        call.caller(speaks: false, ms: recognisedAfterMs / 32 * 32)
        call.transcribed(1, "the blue one perhaps")
        call.caller(speaks: false, ms: 1600)
        guard call.asked == [1] else { return call }
        call.token(turn: 1, "Well. ")
        call.caller(speaks: false, ms: 96)
        call.answered(1, "So.")
        call.spoken(1, ms: 800)
        return call
    }

    @Test(arguments: [0, 320, 640, 1280, 1600])
    func stepsAddUpToWhatTheCallerWaited(recognisedAfterMs: Int) {
        var call = MachineDriver()
        let spokeUntilMs = call.nowMs + 640
        call.caller(speaks: true, ms: 640)
        call.caller(speaks: false, ms: 224 + recognisedAfterMs)
        call.transcribed(1, "the blue one perhaps")
        while call.asked.isEmpty { call.caller(speaks: false, ms: 32) }
        call.pass(ms: 70)
        call.token(turn: 1, "Well. ")
        call.pass(ms: 90)
        call.spoken(1, ms: 800)
        let sentAtMs = call.nowMs
        call.pass(ms: 100)
        let metrics = call.metrics
        #expect(metrics.count == 1)
        #expect(metrics.first?.responseMs == sentAtMs - spokeUntilMs)
        #expect(metrics.first?.atEarMs == sentAtMs - spokeUntilMs + 20)
        #expect(metrics.first?.chatFirstTokenMs == 70)
        #expect(metrics.first?.ttsFirstAudioMs == 90)
        #expect(metrics.allSatisfy { $0.endpointMs >= 0 && $0.sttMs >= 0 })
    }

    @Test func wordsKnownInTimeCostNothing() {
        let call = turn(recognisedAfterMs: 64)
        #expect(call.metrics.first?.sttMs ?? 0 == 0)
    }

    @Test func wordsKnownLateAreChargedToTheRecogniser() {
        var call = turn(recognisedAfterMs: 960)
        call.pass(ms: 100)
        let silenceMs = call.machine.configuration.turns.endpoint.silenceMs(after: EndpointRule.phrase(segments: ["the blue one perhaps"]))
        #expect(call.metrics.map(\.endpointMs) == [silenceMs])
        #expect(call.metrics.map(\.sttMs) == [224 + 960 - silenceMs])
    }

    @Test(arguments: [0, 40, 150])
    func wireIsTheTimeToTheEchoOfTheFirstFrame(echoDelayMs: Int) {
        var call = turn(echoDelayMs: echoDelayMs)
        call.pass(ms: 2000)
        #expect(call.metrics.map(\.wireMs) == [20 + echoDelayMs])
    }

    @Test func turnIsToldOnceAtItsEndOnALineThatNeverEchoes() {
        var call = turn(echoesMarks: false)
        call.pass(ms: 600)
        #expect(call.metrics.isEmpty)
        call.spoken(1, ms: 200)
        call.pass(ms: 4000)
        #expect(call.metrics.map(\.wireMs) == [nil])
        #expect(call.metrics.map(\.atEarMs) == [nil])
    }

    @Test func turnCutBeforeItsFirstEchoIsToldOnce() {
        var call = turn(echoDelayMs: 400)
        call.perform { $0.digit("1", nowMs: $1) }
        #expect(call.metrics.map(\.wireMs) == [nil])
        call.pass(ms: 1000)
        #expect(call.metrics.count == 1)
    }

    @Test func turnIsToldOnceThoughItWasPausedAndWentOn() {
        var call = turn()
        call.caller(speaks: false, ms: 320)
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 320)
        call.transcribed(2, "")
        call.caller(speaks: false, ms: 3200)
        #expect(call.events.contains { if case .assistantResumed = $0 { true } else { false } })
        #expect(call.metrics.map(\.turn) == [1])
    }

    @Test func answerOfWhichNothingWentOutHasNoMetrics() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.end()
        #expect(call.metrics.isEmpty)
    }
}
