/// Something that happened in a call and is stored and told to the outside.
package enum CallEvent: Sendable, Equatable {
    /// The stream has begun.
    case active
    /// The call is over; nothing follows.
    case stopped(reason: String)
    /// The caller began to speak at this place on the media clock, in ms.
    case speechStarted(audioMs: Int)
    /// The caller's utterance ended, in ms on the media clock.
    case speechStopped(audioMs: Int)
    /// The caller's words so far.
    case partial(text: String, turn: Int, audioMs: Int, confidence: Double?)
    /// The caller's words.
    case final(text: String, turn: Int, audioMs: Int, confidence: Double?)
    /// The whole answer, as it was made.
    case assistantText(text: String, turn: Int)
    /// What had been played of an answer when it ended or was cut.
    case assistantHeard(text: String, turn: Int, complete: Bool)
    /// The caller spoke over the answer, of which this much had been played.
    case bargeIn(turn: Int, playedMs: Int)
    /// The caller pressed a key.
    case digit(Character)
    /// Where the time of a turn went.
    case turnMetrics(TurnMetrics)
    /// Something failed; the call goes on.
    case error(message: String, stage: String)
}

/// Where the time between a caller's last word and the answer's first sound went, in ms.
package struct TurnMetrics: Sendable, Equatable {
    /// The turn.
    package var turn: Int
    /// From the last speech to the decision that the turn is over.
    package var endpointMs: Int
    /// From there to the caller's words, waiting for a worker included.
    package var sttMs: Int
    /// From there to the assistant's first token.
    package var chatFirstTokenMs: Int
    /// From there to the first audio of the answer.
    package var ttsFirstAudioMs: Int

    /// From the caller's last speech to the first audio out.
    package var responseMs: Int { endpointMs + sttMs + chatFirstTokenMs + ttsFirstAudioMs }

    /// Makes a set of times.
    package init(turn: Int, endpointMs: Int, sttMs: Int, chatFirstTokenMs: Int, ttsFirstAudioMs: Int) {
        self.turn = turn
        self.endpointMs = endpointMs
        self.sttMs = sttMs
        self.chatFirstTokenMs = chatFirstTokenMs
        self.ttsFirstAudioMs = ttsFirstAudioMs
    }
}
