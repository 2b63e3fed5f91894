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

    /// Whether the two were connected.
    package var isAnswered: Bool {
        switch self {
        case .answered, .hungUp: true
        case .busy, .noAnswer: false
        }
    }

    /// Twilio's word for it.
    package var status: String {
        switch self {
        case .answered, .hungUp: "completed"
        case .busy: "busy"
        case .noAnswer: "no-answer"
        }
    }
}
