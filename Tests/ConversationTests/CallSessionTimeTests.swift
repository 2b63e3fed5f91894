import Synchronization
import Testing

@testable import Conversation

/// A live call's time: its limit, and how punctual it is.
@Suite(.timeLimit(.minutes(10)))
struct CallSessionTimeTests {
    /// Keeps what it is told.
    private final class Notes: PlayoutWatch {
        private let all = Mutex<[Int]>([])
        var latenessMs: [Int] { all.withLock { $0 } }

        func noteFrames(lateMs: Int) { all.withLock { $0.append(lateMs) } }
    }

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

    @Test func farDeadlineIsSleptForOnceHoweverManyNearOnesComeFirst() async throws {
        var sleepers = 0
        _ = try await CallBench.withCall(configure: {
            $0.longestCallMs = 100_000_000
            $0.greeting = "Welcome to our house. This call is recorded. Say what you would like."
        }) { bench in
            await bench.until { bench.events.contains { if case .assistantHeard = $0 { true } else { false } } }
            // Longer than the voice is waited for.
            await bench.pass(ms: 12_000)
            sleepers = bench.record.sleeperCount
        }
        #expect(sleepers == 1)
    }

    @Test func latenessOfFramesIsTold() async throws {
        let notes = Notes()
        _ = try await CallBench.withCall(watch: notes, configure: { $0.greeting = "Welcome to our house. This call is recorded." }) { bench in
            await bench.until { !bench.record.played.isEmpty }
            await bench.pass(ms: 400)
            let punctual = notes.latenessMs
            #expect(!punctual.isEmpty && punctual.allSatisfy { $0 < 40 }, "\(punctual)")
            // The machine stands still, and with it everything that would have been sent.
            bench.clock.advance(ms: 250)
            await bench.standStill { notes.latenessMs.count > punctual.count }
            #expect((notes.latenessMs.max() ?? 0) >= 150)
        }
    }
}
