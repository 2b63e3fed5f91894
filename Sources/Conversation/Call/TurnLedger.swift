/// The moments of one turn on our clock, in ms, from which its ``TurnMetrics`` are made.
package struct TurnLedger: Sendable, Equatable {
    /// From the caller's last speech to the end of the turn, on the media clock.
    var endpointMs = 0
    /// When the turn was found to be over, or would have been had its words been known.
    var endedAtMs = 0
    /// When the caller's words were known.
    var transcribedAtMs = 0
    /// When the assistant said its first token.
    var firstTokenAtMs: Int?
    /// When the first frame of the answer went out.
    var firstAudioAtMs: Int?
    /// Whether the turn has been reported.
    var isReported = false

    /// The times of a turn whose first frame has been played at `playedAtMs`, nil where the line does not say.
    ///
    /// Nil when they have been reported already, or nothing has been sent.
    mutating func report(turn: Int, playedAtMs: Int?) -> TurnMetrics? {
        guard !isReported, let firstTokenAtMs, let firstAudioAtMs else { return nil }
        isReported = true
        // Words may have been known before the turn was over.
        let knownAtMs = max(transcribedAtMs, endedAtMs)
        return TurnMetrics(
            turn: turn,
            endpointMs: endpointMs,
            sttMs: knownAtMs - endedAtMs,
            chatFirstTokenMs: firstTokenAtMs - knownAtMs,
            ttsFirstAudioMs: firstAudioAtMs - firstTokenAtMs,
            wireMs: playedAtMs.map { $0 - firstAudioAtMs }
        )
    }
}
