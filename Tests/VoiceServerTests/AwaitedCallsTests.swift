import Testing

@testable import VoiceServer

/// Calls that may come back, and until when.
@Suite struct AwaitedCallsTests {
    private let now = ContinuousClock.now

    @Test func onlyCallsThatAreOverdueAreGivenUpAndEachOnce() {
        var awaited = AwaitedCalls()
        awaited.wait(for: "soon", after: .streamLost, until: now + .seconds(1))
        awaited.wait(for: "late", after: .serverLost, until: now + .seconds(9))
        #expect(awaited.takeOverdue(at: now).isEmpty)
        let first = awaited.takeOverdue(at: now + .seconds(1))
        #expect(first.map(\.session) == ["soon"] && first.map(\.loss) == [.streamLost])
        #expect(awaited.takeOverdue(at: now + .seconds(2)).isEmpty)
        #expect(awaited.takeOverdue(at: now + .seconds(9)).map(\.session) == ["late"])
    }

    @Test func aCallThatCameBackIsNotGivenUp() {
        var awaited = AwaitedCalls()
        awaited.wait(for: "call", after: .streamLost, until: now)
        awaited.remove("call")
        #expect(awaited.takeOverdue(at: now).isEmpty)
    }

    @Test func aCallThatIsJustComingBackIsLookedAtAgain() {
        var awaited = AwaitedCalls()
        awaited.wait(for: "call", after: .streamLost, until: now)
        #expect(awaited.takeOverdue(at: now, unless: { $0 == "call" }).isEmpty)
        #expect(awaited.takeOverdue(at: now).map(\.session) == ["call"], "its stream was refused after all")
    }
}
