import ArgumentParser
import Testing

@testable import agentos

/// An echo as a flag gives it.
@Suite struct LoopbackArgumentTests {
    @Test func theFlagTakesGainAndDelay() throws {
        let call = try Call.parse(["--say", "hello", "--loopback=-12,150"])
        #expect(String(describing: call.loopback).contains("delayMs: 150, gainDB: -12.0"))
        #expect(try Call.parse(["--say", "hello"]).loopback == nil)
    }

    @Test(arguments: ["12,150", "-12", "-12,-1", "-12,9000", "-99,150", "a,b", "", "-12,150,1"])
    func anythingElseIsRefused(value: String) {
        #expect(throws: (any Error).self) { try Call.parse(["--say", "hello", "--loopback=\(value)"]) }
    }
}
