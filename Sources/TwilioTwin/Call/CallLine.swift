import Synchronization
import Twilio

/// The caller's end of the line while a call lasts: the open streams, the script, what the server says by REST, and whether the call is over.
final class CallLine: Sendable {
    private struct State {
        /// Nil while a stream follows it.
        var script: CallerScript?
        var conductors: [ObjectIdentifier: StreamConductor] = [:]
        /// The first document has come.
        var isAnswered = false
        /// What the server said by REST, until the call does it; a later word replaces an earlier one.
        var update: CallUpdate?
        /// Set once; the first reason stands.
        var ending: CallEnding?
    }

    private let state: Mutex<State>

    init(script: CallerScript) { state = Mutex(State(script: script)) }

    /// Why the call is over; nil while it lasts.
    var ending: CallEnding? { state.withLock { $0.ending } }

    /// Whether the call is over or has been told to do something else.
    var isInterrupted: Bool { state.withLock { $0.ending != nil || $0.update != nil } }

    /// Whether the call lasts and has been told to do something else.
    var isUpdated: Bool { state.withLock { $0.ending == nil && $0.update != nil } }

    /// The call's status, as the REST API tells it.
    var status: String {
        state.withLock { $0.ending != nil ? "completed" : $0.isAnswered ? "in-progress" : "ringing" }
    }

    /// The first document has come: the call is in progress.
    func answer() { state.withLock { $0.isAnswered = true } }

    /// The script, for a stream that is about to begin; a caller who says nothing when another stream has it.
    func takeScript() -> CallerScript {
        state.withLock { state in
            defer { state.script = nil }
            return state.script ?? CallerScript([])
        }
    }

    /// Takes a stream off that is over, and its script back where it has steps left.
    func leave(_ conductor: StreamConductor) {
        var script = conductor.stream.script
        if conductor.ending?.isLoss == true { script.loseLine() }
        state.withLock { [script] state in
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

/// What the server says by REST.
extension CallLine {
    /// Takes an update; false where the call is not in progress.
    ///
    /// The two-way stream ends with the verb that it belongs to; one-way streams go on beside any document.
    func take(_ update: CallUpdate) -> Bool {
        if update == .complete || update == .cancel {
            let (isOver, isAnswered) = state.withLock { ($0.ending != nil, $0.isAnswered) }
            guard !isOver else { return false }
            // Twilio says that nothing happens to a call that was answered.
            if update == .complete || !isAnswered { end(.endedByREST) }
            return true
        }
        let open: [StreamConductor]? = state.withLock { state in
            guard state.isAnswered, state.ending == nil else { return nil }
            state.update = update
            return Array(state.conductors.values)
        }
        guard let open else { return false }
        for conductor in open where conductor.isTwoWay { conductor.callUpdated() }
        return true
    }

    /// Registers a stream that begins; if the call is over already, or does something else by now, it ends at once.
    func join(_ conductor: StreamConductor) {
        let (isOver, isUpdated) = state.withLock { state in
            state.conductors[ObjectIdentifier(conductor)] = conductor
            return (state.ending != nil, state.update != nil)
        }
        if isOver { return conductor.callEnded() }
        if isUpdated, conductor.isTwoWay { conductor.callUpdated() }
    }

    /// What the call does in place of its document's next verb, if anything.
    func takeInterruption() -> CallStep? {
        state.withLock { state in
            if let ending = state.ending { return .end(ending) }
            defer { state.update = nil }
            return state.update.map { .update($0) }
        }
    }

    /// Ends the call, unless the server has said what to do instead.
    func endUnlessUpdated(_ ending: CallEnding) -> CallUpdate? {
        let update = state.withLock { state in
            defer { state.update = nil }
            // Decided under one lock: the server is never told of success for an update that comes too late.
            if state.update == nil || state.ending != nil { state.ending = state.ending ?? ending }
            return state.ending == nil ? state.update : nil
        }
        if update == nil { end(ending) }
        return update
    }
}
