import Testing

@testable import VoiceServer

/// When writes are shared, and what is news.
@Suite struct ReplicationLedgerTests {
    @Test func nothingIsSharedUntilNothingIsMissing() {
        var ledger = ReplicationLedger(now: 0)
        #expect(ledger.route(["s"]) == .keep)
        ledger.beginCatchingUp(now: 1)
        #expect(ledger.route(["s", "t"]) == .keep)
        #expect(ledger.takeBehind() == ["s", "t"])
        #expect(ledger.link == .catchingUp)
        #expect(ledger.route(["u"]) == .keep)
        #expect(ledger.takeBehind() == ["u"])
        #expect(ledger.takeBehind() == [])
        #expect(ledger.link == .up)
        #expect(ledger.route(["s"]) == .share)
        ledger.fail(now: 2)
        #expect(ledger.route(["s"]) == .keep)
        #expect(ledger.takeBehind() == nil)
    }

    @Test func whatWasToldBeforeTheOutageIsNoNewsAfterIt() {
        var ledger = ReplicationLedger(now: 0)
        ledger.beginCatchingUp(now: 1)
        _ = ledger.takeBehind()
        ledger.shared("running", upTo: 5, hasStopped: false)
        ledger.shared("stopped", upTo: 9, hasStopped: true)
        ledger.fail(now: 100)
        ledger.fail(now: 200)
        #expect(ledger.news(after: 0, of: "running", lastSeq: 8, lastActivityAt: 150) == 5)
        #expect(ledger.news(after: 6, of: "running", lastSeq: 8, lastActivityAt: 150) == 6)
        #expect(ledger.news(after: 0, of: "stopped", lastSeq: 9, lastActivityAt: 50) == 9)
        #expect(ledger.news(after: 0, of: "begun meanwhile", lastSeq: 3, lastActivityAt: 150) == 0)
        #expect(ledger.news(after: 2, of: "half there", lastSeq: 3, lastActivityAt: 50) == 2)
    }

    @Test func aSessionOfAnotherServerIsNotOursUntilItIsTaken() {
        var ledger = ReplicationLedger(now: 0)
        ledger.lost("s")
        #expect(ledger.isForeign("s"))
        ledger.took("s", lastSeq: 4)
        #expect(!ledger.isForeign("s"))
        #expect(ledger.news(after: 0, of: "s", lastSeq: 6, lastActivityAt: 9) == 4)
        ledger.lost("s")
        ledger.ended("s")
        #expect(!ledger.isForeign("s"))
    }

    @Test func theDeadAreMournedForAWhile() {
        var watch = FleetWatch(patience: .seconds(10))
        let begin = ContinuousClock.now
        #expect(watch.note(dead: ["a", "b"], at: begin).isEmpty)
        #expect(watch.note(dead: ["a"], at: begin + .seconds(5)).isEmpty)
        #expect(watch.note(dead: ["a", "b"], at: begin + .seconds(10)) == ["a"])
        watch.reset()
        #expect(watch.note(dead: ["a", "b"], at: begin + .seconds(60)).isEmpty)
    }
}
