/// The thread that a call lives on: it runs the call, tells it the time and wakes it.
///
/// All that a call does by itself happens on this executor, one thing after the other. What takes time is done elsewhere; see ``CallSession``.
package protocol CallHome: SerialExecutor {
    /// Milliseconds since some fixed moment, never going back.
    var nowMs: Int { get }

    /// Calls ``CallSession/wake(setForMs:)`` on this executor once ``nowMs`` has reached `momentMs`, or a little later.
    ///
    /// An alarm cannot be taken back. It is asked for on this executor.
    func wake(_ call: CallSession, atMs momentMs: Int)
}
