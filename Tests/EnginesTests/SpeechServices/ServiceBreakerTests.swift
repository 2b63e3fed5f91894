import Engines
import Testing

@Suite struct ServiceBreakerTests {
    /// Holds a breaker.
    private final class Bench {
        private var breaker = ServiceBreaker()

        func admits(nowMs: Int) -> Bool { breaker.admits(nowMs: nowMs) }
        func failed(nowMs: Int) -> Bool { breaker.failed(nowMs: nowMs) }
        func succeeded() { breaker.succeeded() }
        func abandoned(nowMs: Int) { breaker.abandoned(nowMs: nowMs) }
    }

    /// A breaker that has just given a service up, at 1,000 ms.
    private static func resting() -> Bench {
        let breaker = Bench()
        #expect(!breaker.failed(nowMs: 0))
        #expect(breaker.failed(nowMs: 1_000))
        return breaker
    }

    @Test func twoFailuresInARowLeaveTheServiceAloneForHalfAMinute() {
        let breaker = Self.resting()
        #expect(!breaker.admits(nowMs: 1_000))
        #expect(!breaker.admits(nowMs: 30_999))
        #expect(breaker.admits(nowMs: 31_000))
    }

    @Test func aSuccessBetweenFailuresForgivesThem() {
        let breaker = Bench()
        for moment in 0..<10 {
            #expect(!breaker.failed(nowMs: moment))
            breaker.succeeded()
        }
        #expect(breaker.admits(nowMs: 10))
    }

    @Test func oneAttemptAloneTestsAService() {
        let breaker = Self.resting()
        #expect(breaker.admits(nowMs: 40_000))
        #expect(!breaker.admits(nowMs: 40_000))
        breaker.succeeded()
        #expect(breaker.admits(nowMs: 40_001))
        #expect(breaker.admits(nowMs: 40_001))
    }

    @Test func aFailedTestBeginsTheRestAnew() {
        let breaker = Self.resting()
        #expect(breaker.admits(nowMs: 40_000))
        #expect(breaker.failed(nowMs: 41_000))
        #expect(!breaker.admits(nowMs: 70_999))
        #expect(breaker.admits(nowMs: 71_000))
    }

    @Test func aTestThatNobodyWaitedForIsMadeByTheNext() {
        let breaker = Self.resting()
        #expect(breaker.admits(nowMs: 40_000))
        breaker.abandoned(nowMs: 40_500)
        #expect(breaker.admits(nowMs: 40_500))
    }

    @Test func lateFailuresDoNotMakeTheRestLonger() {
        let breaker = Self.resting()
        #expect(!breaker.failed(nowMs: 20_000))
        breaker.abandoned(nowMs: 20_000)
        #expect(!breaker.admits(nowMs: 20_000))
        #expect(breaker.admits(nowMs: 31_000))
    }
}
