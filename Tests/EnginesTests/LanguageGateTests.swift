import Synchronization
import Testing

@testable import Engines

@Suite struct LanguageGateTests {
    /// What happens at a gate.
    private final class Log: Sendable {
        struct State {
            var language = "en"
            var reading = 0
            var changes = 0
            var mistakes = 0
        }

        let state = Mutex(State())

        /// Sets the language, as the gate asks.
        func set(_ language: String) {
            state.withLock { state in
                state.mistakes += state.reading > 0 ? 1 : 0
                state.language = language
                state.changes += 1
            }
        }

        /// Reads a clip that takes a moment.
        func read(_ language: String) {
            state.withLock { state in
                state.reading += 1
                state.mistakes += state.language == language ? 0 : 1
            }
            for _ in 0..<100 { state.withLock { $0.mistakes += $0.language == language ? 0 : 1 } }
            state.withLock { $0.reading -= 1 }
        }
    }

    @Test func everyClipIsReadInItsLanguageAlsoBesideOthers() async {
        let log = Log()
        let gate = LanguageGate("en") { log.set($0) }
        let pool = WorkerPool(name: "gate", threads: 4, queueLimit: 1_000)
        await withTaskGroup(of: Void.self) { group in
            for turn in 0..<300 {
                let language = ["en", "en", "pt", "de"][turn % 4]
                group.addTask { _ = try? await pool.run { gate.read(in: language) { log.read(language) } } }
            }
        }
        let state = log.state.withLock(\.self)
        #expect(state.mistakes == 0 && state.reading == 0 && state.changes > 1)
    }

    @Test func oneLanguageIsNeverSetAgain() {
        let log = Log()
        let gate = LanguageGate("en") { log.set($0) }
        for _ in 0..<5 { gate.read(in: "en") { log.read("en") } }
        #expect(log.state.withLock(\.changes) == 0)
    }
}
