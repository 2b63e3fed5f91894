/// Keeps what happened in one call and what was decided, line by line, so that the call can be replayed.
package protocol CallJournal: Sendable {
    /// Takes a line, without a line break; never waits.
    func note(_ line: String)
}
