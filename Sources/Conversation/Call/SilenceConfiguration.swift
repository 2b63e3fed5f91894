/// What is done so that a caller who waits is never left in silence.
package struct SilenceConfiguration: Sendable, Equatable, Codable {
    /// What is done with a caller whose questions keep failing.
    package enum LastResort: Sendable, Equatable, Codable {
        /// The apology, each time anew.
        case apologise
        /// A goodbye, and the call ends.
        case goodbye
        /// The caller is put through to this destination; the goodbye where that fails, too.
        case transfer(String)
    }

    /// Silence, in ms, after which a caller who waits is told something; nil for never.
    package var fillerAfterMs: Int?
    /// What is said then, one after the other, beginning again at the first.
    package var fillers = FixedWords.english.fillers
    /// A tool that has a filler of its own and takes longer than this, in ms, has it said.
    package var toolFillerAfterMs = 1000
    /// An assistant that has said nothing more for this long, in ms, has failed.
    package var giveUpAfterMs = 13_000
    /// A voice that has made no audio for this long, in ms, has failed.
    package var speechLimitMs = 8000
    /// A tool that has not answered for this long, in ms, is not waited for: every tool has a shorter time-out of its own.
    package var toolLimitMs = 65_000
    /// So many turns in a row that failed are the end of patience.
    package var mostFailures = 2
    /// What is done then.
    package var lastResort = LastResort.goodbye
    /// Said before a call ends because its answers failed.
    package var goodbye = FixedWords.english.failureGoodbye
    /// Said before such a caller is put through to somebody else.
    package var handover = FixedWords.english.handover
    /// Said to a caller whose words could not be recognised; nil for nothing.
    package var repeatRequest: String? = FixedWords.english.repeatRequest

    /// The defaults.
    package init() {}
}
