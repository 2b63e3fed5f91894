import Testing

@testable import VoiceServer

/// When running calls suffer, and when they are well again.
@Suite struct OverloadTests {
    private var overload = Overload(limits: Overload.Limits(latenessMs: 100, queueWaitMs: 3000))

    /// A second in which some of a thousand frames were late.
    private mutating func second(late: Int = 0, by lateMs: Int = 100, queueWaitMs: Int = 0) {
        for index in 0..<1000 { overload.noteTick(lateMs: index < late ? lateMs : 2) }
        _ = overload.endSecond(queueWaitMs: queueWaitMs)
    }

    @Test mutating func oneStumbleIsNoOverload() {
        second(late: 1000)
        second(late: 1000)
        #expect(overload.cause == nil)
        for _ in 0..<4 { second() }
        second(late: 1000)
        #expect(overload.cause == nil)
    }

    @Test mutating func threeBadSecondsOfFiveAre() {
        second(late: 10)
        second()
        second(late: 10)
        #expect(overload.cause == nil)
        second()
        second(late: 10)
        #expect(overload.cause == .playout)
    }

    @Test mutating func fewerThanOneFrameInAHundredDoesNotCount() {
        for _ in 0..<10 { second(late: 9, by: 5000) }
        #expect(overload.cause == nil)
        for _ in 0..<10 { second(late: 1000, by: 99) }
        #expect(overload.cause == nil)
    }

    @Test mutating func fiveGoodSecondsInARowEndIt() {
        for _ in 0..<3 { second(late: 10) }
        for _ in 0..<4 { second() }
        second(late: 10, by: 50)
        #expect(overload.cause == .playout, "half as late is not well yet")
        for _ in 0..<4 { second() }
        #expect(overload.cause == .playout)
        second()
        #expect(overload.cause == nil)
    }

    @Test mutating func secondsWithoutFramesAreGood() {
        for _ in 0..<3 { second(late: 10) }
        for _ in 0..<5 { _ = overload.endSecond(queueWaitMs: 0) }
        #expect(overload.cause == nil)
    }

    @Test mutating func utteranceThatWaitsTooLongIsAnOverloadAtOnce() {
        second(queueWaitMs: 2999)
        #expect(overload.cause == nil)
        second(queueWaitMs: 3000)
        #expect(overload.cause == .recognition)
        for _ in 0..<20 { second(queueWaitMs: 1500) }
        #expect(overload.cause == .recognition)
        for _ in 0..<5 { second(queueWaitMs: 1499) }
        #expect(overload.cause == nil)
    }

    @Test func changeIsToldOnce() {
        var overload = Overload(limits: Overload.Limits())
        let changes = [5000, 5000, 0, 0, 0, 0, 0, 0].map { overload.endSecond(queueWaitMs: $0) }
        #expect(changes == [true, false, false, false, false, false, true, false])
    }

    @Test func zeroMeansNever() {
        var overload = Overload(limits: Overload.Limits(latenessMs: 0, queueWaitMs: 0))
        for _ in 0..<10 {
            overload.noteTick(lateMs: 60_000)
            _ = overload.endSecond(queueWaitMs: 1_000_000)
        }
        #expect(overload.cause == nil)
    }
}
