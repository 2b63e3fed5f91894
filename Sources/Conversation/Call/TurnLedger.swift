/// The moments of one turn on our clock, in ms, from which its ``TurnMetrics`` are made.
package struct TurnLedger: Sendable, Equatable {
    /// From the caller's last speech to the end of the turn, on the media clock.
    var endpointMs = 0
    /// When the turn was found to be over.
    var endedAtMs = 0
    /// When the caller's words were known.
    var transcribedAtMs = 0
    /// When the assistant said its first token.
    var firstTokenAtMs: Int?
    /// Whether the turn has been reported.
    var isReported = false

    /// The times of the turn whose first audio goes out at `nowMs`; nil when they have been reported already.
    mutating func report(turn: Int, nowMs: Int) -> TurnMetrics? {
        guard !isReported, let firstTokenAtMs else { return nil }
        isReported = true
        return TurnMetrics(
            turn: turn,
            endpointMs: endpointMs,
            sttMs: transcribedAtMs - endedAtMs,
            chatFirstTokenMs: firstTokenAtMs - transcribedAtMs,
            ttsFirstAudioMs: nowMs - firstTokenAtMs
        )
    }
}
