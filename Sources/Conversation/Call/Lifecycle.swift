/// How far a call has come.
enum Lifecycle: Sendable, Equatable {
    /// The stream is open. Becomes `ending`.
    case active
    /// Nothing more comes; the last words are being recognised. Becomes `stopped`, at the deadline at the latest.
    case ending(reason: String, deadlineMs: Int)
    /// All is told.
    case stopped
}
