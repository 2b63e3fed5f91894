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

    @Test func aCallerLetsTheGreetingEndFirst() {
        var harness = StreamHarness([.waitForGreeting(quietMs: 100, silenceMs: 400), .say(clip: tone(40), label: "hello")])
        harness.tick(10)
        harness.agentSpeaks(frames: 20)
        harness.tick(20 + 5)
        #expect(harness.stream.turns.isEmpty)
        harness.tick()
        #expect(harness.stream.turns.map(\.label) == ["hello"])
    }

    @Test func aServerWithoutAGreetingCostsASilenceAndOneThatTalksOnALongerOne() {
        var silent = StreamHarness([.waitForGreeting(quietMs: 100, silenceMs: 400), .say(clip: tone(40), label: "hello")])
        silent.tick(20)
        #expect(silent.stream.turns.isEmpty)
        silent.tick()
        #expect(silent.stream.turns.count == 1)

        var endless = StreamHarness([.waitForGreeting(timeoutMs: 600), .say(clip: tone(40), label: "hello")])
        endless.agentSpeaks(frames: 100)
        endless.tick(30)
        #expect(endless.stream.turns.isEmpty)
        endless.tick()
        #expect(endless.stream.turns.count == 1)
        #expect(endless.events.contains(.callerGaveUp("the agent did not stop speaking within 600 ms")))
    }

    /// The same caller on the next stream, after the connection broke.
    private func afterLoss(_ harness: StreamHarness) -> StreamHarness {
        var script = harness.stream.script
        script.loseLine()
        return StreamHarness(script: script)
    }

    @Test func wordsThatALostLineCutAreSaidAgainOnceTheAgentHasSpoken() {
        var harness = StreamHarness([.ask(clip: tone(100), label: "for two"), .hangUp])
        harness.tick(3)
        #expect(harness.stream.script.isUnanswered)
        var next = afterLoss(harness)
        next.agentSpeaks(frames: 10)
        next.tick(10 + 60)
        #expect(next.stream.turns.isEmpty)
        next.tick()
        #expect(next.stream.turns.map(\.label) == ["for two"])
        next.tick(5)
        next.agentSpeaks(frames: 5)
        next.tick(5 + 61)
        #expect(next.ending == .callerHungUp)
    }

    @Test func wordsWithoutAnAnswerAreSaidAgainAlsoWhenTheyWereSaidToTheEnd() {
        var harness = StreamHarness([.ask(clip: tone(100), label: "for two"), .hangUp])
        harness.tick(20)
        var next = afterLoss(harness)
        next.tick(500)
        #expect(next.stream.turns.isEmpty, "the agent might still speak")
        next.tick()
        #expect(next.stream.turns.map(\.label) == ["for two"])
    }

    @Test func anAnswerThatALostLineCutIsHeardOutOnTheNextStream() {
        var harness = StreamHarness([.ask(clip: tone(100), label: "for two"), .hangUp])
        harness.tick(6)
        harness.agentSpeaks(frames: 5)
        harness.tick(2)
        #expect(!harness.stream.script.isUnanswered)
        var next = afterLoss(harness)
        next.agentSpeaks(frames: 10)
        next.tick(10 + 60)
        #expect(next.ending == nil)
        next.tick()
        #expect(next.ending == .callerHungUp)
        #expect(next.stream.turns.isEmpty)
    }

    @Test func scriptOfClipsAsksEachAndHangsUp() {
        let clips: [(label: String, samples: [Int16])] = [("one", [1]), ("two", [2])]
        let asked: [CallerStep] = [.ask(clip: [1], label: "one"), .ask(clip: [2], label: "two"), .hangUp]
        #expect([CallerStep].conversation(clips) == [.waitForGreeting()] + asked)
        #expect([CallerStep].conversation(clips, interrupts: true) == asked)
    }
}
