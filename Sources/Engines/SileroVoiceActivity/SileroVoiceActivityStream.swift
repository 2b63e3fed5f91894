import Conversation

/// What one call's voice activity detection remembers.
struct SileroVoiceActivityStream: VoiceActivityStream {
    private let session: SileroSession
    private var state = [Float](repeating: 0, count: SileroSession.stateCount)
    /// The last samples of the window before, then those of the window being filled.
    private var window: [Float]

    init(session: SileroSession) {
        self.session = session
        window = [Float](repeating: 0, count: SileroSession.carriedCount)
        window.reserveCapacity(SileroSession.carriedCount + VoiceActivityWindow.samples)
    }

    mutating func process(_ samples: [Int16]) throws -> [Float] {
        let full = SileroSession.carriedCount + VoiceActivityWindow.samples
        var probabilities: [Float] = []
        for sample in samples {
            window.append(Float(sample) / 32768)
            guard window.count == full else { continue }
            probabilities.append(session.run(window: window, state: &state))
            window.removeFirst(VoiceActivityWindow.samples)
        }
        return probabilities
    }
}
