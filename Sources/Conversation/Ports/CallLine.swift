/// The way to one caller: what the agent says goes out here.
///
/// The transport's words stay behind it.
package protocol CallLine: Sendable {
    /// Queues a command for the caller's side, in order; never waits.
    ///
    /// A line that has fallen too far behind drops the call by itself, which the call hears as ``CallInput/lost(_:)``.
    func send(_ command: LineCommand)
}

/// What can be done to a line.
package enum LineCommand: Sendable, Equatable {
    /// Plays G.711 mu-law at 8,000 Hz after everything queued before it.
    case audio([UInt8])
    /// Asks for an echo of this name when everything queued before it has been played.
    case mark(String)
    /// Drops everything queued and not yet played; pending marks come back.
    case clear
    /// Closes the line.
    case hangUp
}

/// What comes from a line.
package enum CallInput: Sendable, Equatable {
    /// Caller audio: G.711 mu-law at 8,000 Hz, and its place on the media clock in ms where known.
    case audio([UInt8], timestampMs: Int?)
    /// The echo of a mark.
    case mark(String)
    /// A key the caller pressed.
    case digit(Character)
    /// The other side ended the call or the stream; the text says why.
    case stopped(String)
    /// The line broke without a word.
    case lost(String)
}

/// Hears everything worth telling about a call, in order, and never blocks.
package protocol CallObserver: Sendable {
    /// Takes note of an event.
    func observe(_ event: CallEvent)
}
