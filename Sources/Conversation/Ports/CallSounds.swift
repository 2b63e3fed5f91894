import Audio

/// What callers hear on hold, between the spoken lines.
package struct CallSounds: Sendable {
    /// How much is made at once, in ms.
    private static let chunkMs = 1000

    /// What callers hear while a telephone rings: two seconds of both tones, four of silence.
    ///
    /// Source: ITU-T E.180, the tones of North America.
    private static let ringing: [Int16] = {
        var tones = ToneSource(frequencies: [440, 480])
        return tones.next(2 * 8000) + [Int16](repeating: 0, count: 4 * 8000)
    }()

    /// Music at 8,000 Hz; empty if the agent has none.
    package var music: [Int16]

    /// Makes the sounds of an agent with this music at 8,000 Hz.
    package init(music: [Int16] = []) { self.music = music }

    /// The second of a sound that begins at this place; empty for silence, and for music that the agent does not have.
    ///
    /// A sound that has ended begins again.
    func chunk(of sound: HoldConfiguration.Sound, fromMs: Int) -> [SpeechChunk] {
        let samples =
            switch sound {
            case .silence: [Int16]()
            case .ringing: Self.ringing
            case .music: music
            }
        guard !samples.isEmpty else { return [] }
        return [SpeechChunk(samples: (0..<Self.chunkMs * 8).map { samples[(fromMs * 8 + $0) % samples.count] })]
    }
}
