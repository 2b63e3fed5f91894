import Dispatch
import Synchronization

/// Lets clips of one language at a time through to a model whose language is a setting of all its reads.
///
/// Clips of the same language are read side by side. A clip in another one waits until those being read are done, and those that come after it wait
/// behind it, so that no language starves.
final class LanguageGate: Sendable {
    private struct Waiting {
        var language: String
        var turn = DispatchSemaphore(value: 0)
    }

    private struct State {
        /// The language that the model is set to.
        var language: String
        /// Clips that are being read.
        var reading = 0
        /// Clips that wait, in the order they came.
        var waiting: [Waiting] = []
    }

    private let state: Mutex<State>
    private let set: @Sendable (String) -> Void

    /// Makes a gate for a model that is set to `language`; `set` sets it to another one while nothing reads.
    init(_ language: String, set: @escaping @Sendable (String) -> Void) {
        state = Mutex(State(language: language))
        self.set = set
    }

    /// Runs `body` while the model is set to a language; blocks until it may be.
    func read<Value>(in language: String, _ body: () -> Value) -> Value {
        enter(language)
        defer { leave() }
        return body()
    }

    private func enter(_ language: String) {
        let turn = state.withLock { state -> DispatchSemaphore? in
            if state.waiting.isEmpty, state.reading == 0 || state.language == language {
                admit(language, &state)
                return nil
            }
            let waiting = Waiting(language: language)
            state.waiting.append(waiting)
            return waiting.turn
        }
        turn?.wait()
    }

    private func leave() {
        state.withLock { state in
            state.reading -= 1
            while let next = state.waiting.first, state.reading == 0 || state.language == next.language {
                state.waiting.removeFirst()
                admit(next.language, &state)
                next.turn.signal()
            }
        }
    }

    private func admit(_ language: String, _ state: inout State) {
        if state.language != language { set(language) }
        state.language = language
        state.reading += 1
    }
}
