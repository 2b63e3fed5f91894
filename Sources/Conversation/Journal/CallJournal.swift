/// Keeps what happened in one call and what was decided, line by line, so that the call can be replayed.
package protocol CallJournal: Sendable {
    /// Takes an entry; never waits, and does not turn it into text on the thread of the call.
    func note(_ entry: JournalEntry)
}

/// What one line of a journal tells.
package enum JournalEntry: Sendable {
    /// The call's settings: the first line.
    case config(CallMachine.Configuration)
    /// What happened, at so many ms on the call's own clock, and what was decided.
    case step(atMs: Int, CallMachine.Input, [CallAction])
    /// So many lines could not be kept: the last line, where some were lost.
    case lost(Int)

    /// The line, as JSON without a line break.
    ///
    /// - Throws: `EncodingError` if a probability is not a number.
    package func text() throws -> String { try JournalLine(self).text() }
}
