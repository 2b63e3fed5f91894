import Testing

@testable import Conversation

/// A live call's time: its limit, and how punctual it is.
@Suite(.timeLimit(.minutes(10)))
struct CallSessionTimeTests {
    private func isStopped(_ event: CallEvent?) -> Bool { if case .stopped? = event { true } else { false } }

    @Test func callIsToldGoodbyeAndEndedAtItsLimit() async throws {
        let record = try await CallBench.withCall(configure: { $0.longestCallMs = 5000 }) { bench in
            await bench.until { isStopped(bench.events.last) }
            #expect(bench.clock.nowMs >= 6000)
        }
        #expect(record.events.last == .stopped(reason: "time_limit"))
        #expect(record.events.contains { if case .assistantHeard(_, 1, true) = $0 { true } else { false } })
        #expect(record.commands.last == .hangUp)
        #expect(!record.played.isEmpty)
    }

    @Test func aFarDeadlineHasOneAlarmHoweverManyNearOnesComeFirst() async throws {
        var alarms = 0
        _ = try await CallBench.withCall(configure: {
            $0.longestCallMs = 100_000_000
            $0.greeting = "Welcome to our house. This call is recorded. Say what you would like."
        }) { bench in
            await bench.until { bench.events.contains { if case .assistantHeard = $0 { true } else { false } } }
            // Longer than the voice is waited for.
            await bench.pass(ms: 12_000)
            alarms = bench.record.alarmCount
        }
        #expect(alarms == 1)
    }
}
