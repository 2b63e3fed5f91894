import Synchronization

/// The caller's end of the line while a call lasts: the open streams, the script, and whether the call is over.
final class CallLine: Sendable {
    private struct State {
        /// Nil while a stream follows it.
        var script: CallerScript?
        var conductors: [ObjectIdentifier: StreamConductor] = [:]
        /// Set once; the first reason stands.
        var ending: CallEnding?
    }

    private let state: Mutex<State>

    init(script: CallerScript) { state = Mutex(State(script: script)) }

    /// Why the call is over; nil while it lasts.
    var ending: CallEnding? { state.withLock { $0.ending } }

    /// The script, for a stream that is about to begin; a caller who says nothing when another stream has it.
    func takeScript() -> CallerScript {
        state.withLock { state in
            defer { state.script = nil }
            return state.script ?? CallerScript([])
        }
    }

    /// Registers a stream that begins; if the call is over already, it ends at once.
    func join(_ conductor: StreamConductor) {
        let isOver = state.withLock { state in
            state.conductors[ObjectIdentifier(conductor)] = conductor
            return state.ending != nil
        }
        if isOver { conductor.callEnded() }
    }

    /// Takes a stream off that is over, and its script back where it has steps left.
    func leave(_ conductor: StreamConductor) {
        let script = conductor.stream.script
        state.withLock { state in
            state.conductors[ObjectIdentifier(conductor)] = nil
            if !script.isFinished { state.script = script }
        }
    }

    /// Ends the call and with it every open stream.
    func end(_ ending: CallEnding) {
        let open = state.withLock { state in
            state.ending = state.ending ?? ending
            return Array(state.conductors.values)
        }
        for conductor in open { conductor.callEnded() }
    }
}
