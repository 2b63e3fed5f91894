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
    /// An utterance that is no turn, and why; `text` is what was recognised of it, empty where nothing was.
    case dismissed(text: String, audioMs: Int, reason: DismissalReason)
    /// The whole answer, as it was made.
    case assistantText(text: String, turn: Int)
    /// What there was of an answer that was still being made when the line went.
    case assistantCut(text: String, turn: Int)
    /// A phrase that fills the time until a turn's answer; it is no part of the answer.
    case assistantFiller(text: String, turn: Int)
    /// The assistant calls a tool for a turn's answer.
    case toolCalled(ToolCall, turn: Int)
    /// A tool that was called has ended, after this long.
    case toolFinished(ToolUse, turn: Int, tookMs: Int)
    /// What had been played of an answer when it ended or was cut.
    case assistantHeard(text: String, turn: Int, complete: Bool)
    /// The caller spoke over the answer, of which this much had been played.
    case bargeIn(turn: Int, playedMs: Int)
    /// The caller made a sound over the answer, of which this much had been played; it waits until the sound is judged.
    case assistantPaused(turn: Int, playedMs: Int)
    /// The sound was nothing: the answer goes on from this place in its audio.
    case assistantResumed(turn: Int, fromMs: Int)
    /// The caller pressed a key.
    case digit(Character)
    /// The keys pressed one after the other, as the caller's turn.
    case keyed(digits: String, turn: Int)
    /// A command was given, by a program or a key.
    case commandAccepted(id: String, CallCommand, by: CommandSource)
    /// A command has come to its end.
    case commandFinished(id: String, name: String, ToolOutcome)
    /// The caller is on hold.
    case holdStarted(HoldCause)
    /// The caller is not on hold any more, after this long.
    case holdEnded(HoldCause, heldMs: Int)
    /// A side was muted or unmuted.
    case muteChanged(MuteSide, isMuted: Bool, HoldCause)
    /// A step of calling somebody else for the caller.
    case transfer(TransferStep)
    /// Where the time of a turn went.
    case turnMetrics(TurnMetrics)
    /// Something failed; the call goes on.
    case error(message: String, stage: String)
}

/// Why an utterance became no turn.
package enum DismissalReason: String, Sendable, CaseIterable, Codable {
    /// The recogniser heard no words: a cough, a knock, noise.
    case noWords = "no_words"
    /// "mm-hm", "okay": said over the agent's answer to let it go on.
    case backchannel
    /// Too short a sound over the agent's answer to be meant.
    case tooShort = "too_short"
    /// The recogniser failed; an `error` event says how.
    case failed
    /// The words did not come in time; an `error` event says so.
    case late
}
