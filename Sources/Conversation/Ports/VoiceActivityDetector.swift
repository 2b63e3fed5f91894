/// Tells speech from everything else.
///
/// One detector is shared by all calls; each call has a ``VoiceActivityStream``.
package protocol VoiceActivityDetector: Sendable {
    /// A new stream that has heard nothing yet.
    func makeStream() -> any VoiceActivityStream
}

/// One call's memory of what it heard, as a value: copying it copies the state.
package protocol VoiceActivityStream: Sendable {
    /// Takes the next samples and judges every whole window that they complete.
    ///
    /// Runs on the caller's thread and takes tens of microseconds a window.
    /// - Parameter samples: mono 16-bit samples at 8,000 Hz, any number of them.
    /// - Returns: for each window completed (``VoiceActivityWindow/samples`` long), the probability from 0 to 1 that
    ///   it holds speech.
    /// - Throws: ``EngineError`` when the engine failed.
    mutating func process(_ samples: [Int16]) throws -> [Float]
}

/// The unit in which voice activity is judged.
package enum VoiceActivityWindow {
    /// Samples at 8,000 Hz.
    package static let samples = 256
    /// Milliseconds.
    package static let milliseconds = 32
}
