/// What comes of a `<Dial>` in a simulated call, where every number has the same callee, who answers at once.
package enum Dialing: Sendable, Equatable {
    /// The other party answers; the two talk for this long, then the caller hangs up and the call is over.
    case answered(seconds: Int)
    /// The other party answers and hangs up after this long; the call goes on.
    case hungUp(afterSeconds: Int)
    /// The other party is on the telephone; the call goes on.
    case busy
    /// The call rings in vain; it goes on.
    case noAnswer
    /// The number cannot be reached; the call goes on.
    case failed
    /// The other party answers and does not take the call, which is over for them after this long; the call goes on.
    case declined(afterSeconds: Int)

    /// Whether the two are connected.
    package var isAnswered: Bool {
        switch self {
        case .answered, .hungUp: true
        case .busy, .noAnswer, .failed, .declined: false
        }
    }

    /// Who is called.
    package var callee: Callee {
        switch self {
        case .answered(let seconds): .human(answersAfterMs: 0, talksForSeconds: seconds, callerHangsUp: true)
        case .hungUp(let seconds): .human(answersAfterMs: 0, talksForSeconds: seconds)
        case .busy: .busy
        case .noAnswer: .noAnswer
        case .failed: .failed
        case .declined(let seconds): .declining(afterSeconds: seconds)
        }
    }
}
