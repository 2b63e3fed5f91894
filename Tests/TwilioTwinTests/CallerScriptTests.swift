import Testing
import Twilio

@testable import TwilioTwin

/// Callers who follow their script, on virtual time.
@Suite struct CallerScriptTests {
    @Test func callerWaitsForTheEndOfTheAnswer() {
        var harness = StreamHarness([.say(clip: tone(40), label: "question"), .waitForAnswer(quietMs: 100), .hangUp])
        harness.tick(12)
        #expect(harness.ending == nil)
        harness.agentSpeaks(frames: 3)
        harness.tick(3 + 5)
        #expect(harness.ending == nil)
        harness.tick(1)
        #expect(harness.ending == .callerHungUp)
    }

    @Test func callerGivesUpWaiting() {
        var harness = StreamHarness([.waitForAnswer(quietMs: 100, timeoutMs: 200), .hangUp])
        harness.tick(10)
        #expect(harness.ending == nil)
        harness.tick()
        #expect(harness.ending == .callerHungUp)
        #expect(harness.events.contains(.callerGaveUp("no end of an answer within 200 ms")))
    }

    @Test func responseIsMeasuredFromTheEndOfSpeech() {
        let clip = tone(40) + [Int16](repeating: 0, count: 480)
        var harness = StreamHarness([.say(clip: clip, label: "question")])
        harness.tick(6)
        harness.agentSpeaks(frames: 2)
        harness.tick(2)
        let turn = harness.stream.turns.first
        #expect(turn?.startedMs == 0)
        #expect((38...40).contains(turn?.speechEndedMs ?? 0))
        #expect(turn?.endedMs == 100)
        #expect((80...83).contains(turn?.responseMs ?? 0))
    }

    @Test func greetingThatGoesOnIsNoAnswer() {
        var harness = StreamHarness([.say(clip: tone(20), label: "question")])
        harness.agentSpeaks(frames: 5)
        harness.tick(10)
        #expect(harness.stream.turns.first?.responseMs == nil)
        harness.agentSpeaks(frames: 1)
        harness.tick()
        #expect((179...183).contains(harness.stream.turns.first?.responseMs ?? 0))
    }

    @Test func callerTalksOverTheAgentAndHearsItStop() {
        var harness = StreamHarness([.interruptWhenSpeaking(afterMs: 60, clip: tone(100), label: "stop")])
        harness.tick(5)
        harness.agentSpeaks(frames: 50)
        harness.tick(2)
        #expect(harness.stream.turns.isEmpty)
        harness.tick(3)
        #expect(harness.stream.turns.map(\.label) == ["stop"])
        harness.receive(.clear(streamSid: "MZ1"))
        #expect(harness.stream.turns.first?.startedMs == 140)
        #expect(harness.stream.turns.first?.agentStoppedMs == 60)
    }

    @Test func agentIsHeardAndFallsSilent() {
        var harness = StreamHarness()
        harness.agentSpeaks(frames: 2)
        harness.tick(30)
        #expect(harness.events == [.agentSpeaks(responseMs: nil), .agentQuiet])
    }

    @Test func scriptOfClipsSaysEachAndHangsUp() {
        let steps = [CallerStep].conversation([("one", [1]), ("two", [2])])
        #expect(steps == [.say(clip: [1], label: "one"), .waitForAnswer(), .say(clip: [2], label: "two"), .waitForAnswer(), .hangUp])
    }
}
