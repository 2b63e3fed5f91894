/// One thing the caller said, and what the agent did about it; times in ms since the stream began.
package struct TwinTurn: Sendable, Equatable, Codable {
    /// The clip's name.
    package var label: String
    /// When the clip began.
    package var startedMs: Int
    /// When its speech ended: the last sample above -45 dBFS.
    package var speechEndedMs: Int?
    /// When the clip ended, its trailing silence included.
    package var endedMs: Int?
    /// From the end of speech to the first sample of the answer the caller could hear (above -45 dBFS).
    ///
    /// Audio still playing when the caller stopped speaking is no answer: what counts begins after the playout has run dry or was cleared.
    package var responseMs: Int?
    /// From the beginning of a clip that talked over the agent to the agent's silence; nil where the agent was not speaking.
    package var agentStoppedMs: Int?
    /// The line was lost before the answer was heard, and the caller says it again when the line is back: as the next turn.
    package var isSaidAgain = false
}
