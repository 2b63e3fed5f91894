/// Why a stream ended although its call may go on: Twilio comes back and is given a new one.
///
/// The raw values are the reasons that `voice.session.interrupted` tells, and `voice.session.stopped` where nobody came back.
enum LineLoss: String, Sendable, CaseIterable {
    /// The socket broke without a word.
    case streamLost = "stream_lost"
    /// Twilio opened another stream while this one was silent: its socket was dead and nobody had noticed.
    case streamSuperseded = "stream_superseded"
    /// The server was told to stop and the call outlived the drain.
    case serverStopped = "server_stopped"
    /// The server died.
    case serverLost = "server_lost"
    /// The line was told to press keys, which it does without a stream.
    case lineAway = "line_away"
    /// Somebody else is called for the caller: the call comes back when they do not answer.
    case transferring

    /// How long the line takes at most to come back by itself, where it was told to go.
    ///
    /// Keys: 32 of them, pauses of a second among them. Ringing: 35 s, and the time that Twilio needs before and after it.
    var patience: Duration {
        switch self {
        case .lineAway, .transferring: .seconds(60)
        case .streamLost, .streamSuperseded, .serverStopped, .serverLost: .zero
        }
    }
}
