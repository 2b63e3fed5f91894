/// How a call ended.
package enum CallEnding: String, Sendable, Codable {
    /// The document had no further verb.
    case endOfDocument = "end_of_document"
    /// `<Hangup>`.
    case hangup
    /// `<Reject>`.
    case rejected
    /// The server ended it by REST (`Status=completed`).
    case endedByREST = "ended_by_rest"
    /// `<Dial>` was answered, and the call was over when the two had talked.
    case transferred
    /// The caller hung up.
    case callerHungUp = "caller_hung_up"
    /// It had lasted as long as the configuration allows.
    case timeLimit = "time_limit"
    /// The next document could not be had: Twilio plays an error message and hangs up.
    case failed

    /// The ending in words.
    package var words: String {
        switch self {
        case .endOfDocument: "the document had no further verb"
        case .hangup: "the server hung up"
        case .rejected: "the server rejected the call"
        case .endedByREST: "the server ended the call"
        case .transferred: "the caller was put through"
        case .callerHungUp: "the caller hung up"
        case .timeLimit: "the call reached its time limit"
        case .failed: "the next document could not be fetched"
        }
    }
}
