/// How a call ended.
package enum CallEnding: String, Sendable, Codable {
    /// The document had no further verb.
    case endOfDocument
    /// `<Hangup>`.
    case hangup
    /// `<Reject>`.
    case rejected
    /// The server ended it by REST (`Status=completed`).
    case endedByREST
    /// `<Dial>` was answered, and the call was over when the two had talked.
    case transferred
    /// The caller hung up.
    case callerHungUp
    /// It had lasted as long as the configuration allows.
    case timeLimit
    /// The next document could not be had: Twilio plays an error message and hangs up.
    case failed
}
