import Audio

/// What callers hear on hold, between the spoken lines.
package struct CallSounds: Sendable {
    /// How much is made at once, in ms.
    private static let chunkMs = 1000

    /// Music at 8,000 Hz; empty if the agent has none.
    package var music: [Int16]

    /// Makes the sounds of an agent with this music at 8,000 Hz.
    package init(music: [Int16] = []) { self.music = music }

    /// The second of a sound that begins at this place; empty for silence.
    ///
    /// Music that has ended begins again.
    func chunk(of sound: HoldConfiguration.Sound, fromMs: Int) -> [SpeechChunk] {
        switch sound {
        case .silence: []
        case .ringing: [SpeechChunk(samples: RingingTone.samples(fromMs: fromMs, lengthMs: Self.chunkMs))]
        case .music:
            music.isEmpty
                ? []
                : [SpeechChunk(samples: (0..<Self.chunkMs * 8).map { music[(fromMs * 8 + $0) % music.count] })]
        }
    }
}
