/// What comes of a `<Dial>` in a simulated call.
package enum Dialing: Sendable, Equatable {
    /// The other party answers; the two talk for this long, then the caller hangs up and the call is over.
    case answered(seconds: Int)
    /// The other party answers and hangs up after this long; the call goes on.
    case hungUp(afterSeconds: Int)
    /// The other party is on the telephone; the call goes on.
    case busy
    /// Nobody answers as long as it rings; the call goes on.
    case noAnswer
    /// The number cannot be reached; the call goes on.
    case failed
    /// The other party answers and does not take the call, which is over for them after this long; the call goes on.
    case declined(afterSeconds: Int)

    /// Whether the two were connected.
    package var isAnswered: Bool {
        switch self {
        case .answered, .hungUp: true
        case .busy, .noAnswer, .failed, .declined: false
        }
    }

    /// Twilio's word for it.
    package var status: String {
        switch self {
        // Twilio calls it completed as soon as anybody has answered.
        case .answered, .hungUp, .declined: "completed"
        case .busy: "busy"
        case .noAnswer: "no-answer"
        case .failed: "failed"
        }
    }
}
