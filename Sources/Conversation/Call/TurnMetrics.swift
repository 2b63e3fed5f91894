/// Where the time between a caller's last word and the answer's first sound went, in ms.
package struct TurnMetrics: Sendable, Equatable {
    /// The turn.
    package var turn: Int
    /// From the last speech to the decision that the turn is over.
    package var endpointMs: Int
    /// From there to the caller's words, waiting for a worker included; 0 where they were known before.
    package var sttMs: Int
    /// From there to the assistant's first token.
    package var chatFirstTokenMs: Int
    /// From there to the first audio of the answer on its way.
    package var ttsFirstAudioMs: Int
    /// From there to the echo of the mark behind the answer's first frame; nil on lines that echo none.
    package var wireMs: Int?

    /// From the caller's last speech to the first audio out.
    package var responseMs: Int { endpointMs + sttMs + chatFirstTokenMs + ttsFirstAudioMs }

    /// From the caller's last speech to the first audio at the caller's ear; nil where that is not known.
    package var atEarMs: Int? { wireMs.map { responseMs + $0 } }

    /// Makes a set of times.
    package init(turn: Int, endpointMs: Int, sttMs: Int, chatFirstTokenMs: Int, ttsFirstAudioMs: Int, wireMs: Int? = nil) {
        self.turn = turn
        self.endpointMs = endpointMs
        self.sttMs = sttMs
        self.chatFirstTokenMs = chatFirstTokenMs
        self.ttsFirstAudioMs = ttsFirstAudioMs
        self.wireMs = wireMs
    }
}
