/// Is told how punctually the calls' audio goes out, and never blocks.
package protocol PlayoutWatch: Sendable {
    /// Frames have just been sent this many ms after the moment they were due.
    func noteFrames(lateMs: Int)
}
