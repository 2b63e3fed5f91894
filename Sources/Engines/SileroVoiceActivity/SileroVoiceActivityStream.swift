import Conversation

/// What one call's voice activity detection remembers.
struct SileroVoiceActivityStream: VoiceActivityStream {
    private let session: SileroSession
    private var state = [Float](repeating: 0, count: SileroSession.stateCount)
    /// The last samples of the window before, then those of the window being filled.
    private var window: [Float]
    /// Windows in a row, up to the present one, in which nothing is as loud as ``silence``.
    private var silentWindows = 0

    /// Samples up to this are silence (-60 dBFS): mu-law's five smallest steps.
    private static let silence: Float = 32 / 32_768
    /// After this many silent windows (half a second) the network is not run until something is louder.
    private static let mostSilentWindows = 16

    init(session: SileroSession) {
        self.session = session
        window = [Float](repeating: 0, count: SileroSession.carriedCount)
        window.reserveCapacity(SileroSession.carriedCount + VoiceActivityWindow.samples)
    }

    mutating func process(_ samples: [Int16]) throws -> [Float] {
        let full = SileroSession.carriedCount + VoiceActivityWindow.samples
        var probabilities: [Float] = []
        var rest = samples[...]
        while !rest.isEmpty {
            let part = rest.prefix(full - window.count)
            window.append(contentsOf: part.lazy.map { Float($0) / 32768 })
            rest = rest.dropFirst(part.count)
            guard window.count == full else { break }
            probabilities.append(judge())
            window.removeFirst(VoiceActivityWindow.samples)
        }
        return probabilities
    }

    private mutating func judge() -> Float {
        let isSilent = window[SileroSession.carriedCount...].allSatisfy { abs($0) <= Self.silence }
        silentWindows = isSilent ? silentWindows + 1 : 0
        return silentWindows > Self.mostSilentWindows ? 0 : session.run(window: window, state: &state)
    }
}
