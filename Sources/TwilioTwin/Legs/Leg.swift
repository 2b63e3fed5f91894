import Synchronization
import Twilio

/// How the call of a callee ended.
enum LegEnding: Sendable {
    /// The line was in use, rang in vain, or could not be reached.
    case busy, noAnswer, failed
    /// It was over before it was answered: the server or another callee's answer ended it.
    case canceled
    /// The callee hung up.
    case calleeHungUp
    /// The document had no further verb, or hung up.
    case serverHungUp
    /// The server ended it by REST.
    case endedByREST
    /// The caller's call went on without it, or was over.
    case callerLeft
    /// A document for it could not be had.
    case lost
    /// It had lasted as long as it might.
    case timeLimit

    /// The status of a call that was never answered.
    fileprivate var statusUnanswered: String {
        switch self {
        case .busy: "busy"
        case .noAnswer: "no-answer"
        case .failed, .lost: "failed"
        case .endedByREST: Undocumented.statusWhenCompletedWhileRinging
        case .canceled, .calleeHungUp, .serverHungUp, .callerLeft, .timeLimit: "canceled"
        }
    }
}

/// The call of a callee, from the moment it is asked for: what the REST API sees and changes of it.
final class Leg: Sendable {
    private struct State {
        var isRinging = false
        var answeredAtMs: Int?
        var answeredBy: String?
        var endedAtMs: Int?
        /// The first reason stands.
        var ending: LegEnding?
        var update: CallUpdate?
        /// The callee has heard out what was said before the caller is there.
        var isReady = false
        var isBridged = false
        /// The server gave it another document: it does not belong to its `<Dial>` any more.
        var isDetached = false
    }

    let callSid = Sid.random(.call)
    let to: String
    let from: String
    /// The call whose `<Dial>` it is; nil for one that the server placed.
    let parentCallSid: String?
    let callee: Callee
    private let log: CallLog
    private let state = Mutex(State())

    init(to: String, from: String, parentCallSid: String?, callee: Callee, log: CallLog) {
        self.to = to
        self.from = from
        self.parentCallSid = parentCallSid
        self.callee = callee
        self.log = log
    }

    var direction: String { parentCallSid == nil ? "outbound-api" : "outbound-dial" }
    var isOver: Bool { state.withLock { $0.ending != nil } }
    var ending: LegEnding? { state.withLock { $0.ending } }
    var wasAnswered: Bool { state.withLock { $0.answeredAtMs != nil } }
    var isReady: Bool { state.withLock { $0.isReady && $0.ending == nil && $0.update == nil } }
    var isBridged: Bool { state.withLock { $0.isBridged } }
    var isDetached: Bool { state.withLock { $0.isDetached } }
    var answeredBy: String? { state.withLock { $0.answeredBy } }
    /// Whether it is over or was given another document.
    var isInterrupted: Bool { state.withLock { $0.ending != nil || $0.update != nil } }

    /// Its status, as the REST API tells it.
    var status: String {
        state.withLock { state in
            guard let ending = state.ending else {
                return state.answeredAtMs != nil ? "in-progress" : state.isRinging ? "ringing" : "queued"
            }
            return state.answeredAtMs != nil ? "completed" : ending.statusUnanswered
        }
    }

    /// How long it has lasted since it was answered, in seconds, begun ones counted; 0 where it was not.
    var durationSeconds: Int {
        let nowMs = log.nowMs
        return state.withLock { state in
            guard let answeredAtMs = state.answeredAtMs else { return 0 }
            return ((state.endedAtMs ?? nowMs) - answeredAtMs + 999) / 1000
        }
    }

    /// Keeps and tells what happens on it.
    func record(_ what: TwinLegEvent.What) { log.record(.leg(TwinLegEvent(callSid: callSid, to: to, what: what))) }
}

/// What happens to it.
extension Leg {
    func ring() { state.withLock { $0.isRinging = true } }

    /// Somebody answers; false where the call is over already.
    func answer() -> Bool {
        let nowMs = log.nowMs
        return state.withLock { state in
            guard state.ending == nil else { return false }
            state.answeredAtMs = nowMs
            return true
        }
    }

    func detect(_ answeredBy: String) {
        state.withLock { $0.answeredBy = answeredBy }
        record(.detected(answeredBy: answeredBy))
    }

    /// The callee waits for the caller.
    func offer() { state.withLock { $0.isReady = true } }

    /// The caller is there.
    func bridge() {
        state.withLock { $0.isBridged = true }
        record(.bridged)
    }

    func end(_ ending: LegEnding) {
        let nowMs = log.nowMs
        state.withLock { state in
            guard state.ending == nil else { return }
            state.ending = ending
            state.endedAtMs = nowMs
        }
    }

    /// What the server said by REST, once.
    func takeUpdate() -> CallUpdate? {
        state.withLock { state in
            defer { state.update = nil }
            return state.update
        }
    }

    /// Takes what the server says by REST; false where it comes too late, or too early.
    func take(_ update: CallUpdate) -> Bool {
        let nowMs = log.nowMs
        return state.withLock { state in
            guard state.ending == nil else { return false }
            switch update {
            case .cancel where state.answeredAtMs != nil:
                // Twilio says that nothing happens.
                return true
            case .complete, .cancel:
                state.ending = update == .cancel ? .canceled : .endedByREST
                state.endedAtMs = nowMs
                return true
            case .document, .fetch:
                guard state.answeredAtMs != nil else { return false }
                state.update = update
                state.isDetached = parentCallSid != nil
                return true
            }
        }
    }
}
