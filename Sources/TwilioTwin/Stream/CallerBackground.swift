import Audio

/// What is on the line while the caller is silent.
package enum CallerBackground: Sendable, Equatable {
    /// Digital silence, 0xFF throughout.
    case silence
    /// White noise up to this magnitude, of 32768; the same on each run.
    case noise(amplitude: Int16)

    /// Where the background comes from, frame by frame.
    var source: Source {
        switch self {
        case .silence: Source(amplitude: 0)
        case .noise(let amplitude): Source(amplitude: Int(amplitude.magnitude))
        }
    }

    /// A generator of background, in mu-law.
    struct Source: Sendable {
        let amplitude: Int
        private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        init(amplitude: Int) { self.amplitude = amplitude }

        /// The next `count` bytes.
        mutating func next(_ count: Int) -> [UInt8] {
            guard amplitude > 0 else { return Array(repeating: MuLaw.silence, count: count) }
            return MuLaw.encode((0..<count).map { _ in Int16(clamping: nextValue()) })
        }

        /// Between minus and plus the amplitude (xorshift64, Marsaglia 2003).
        private mutating func nextValue() -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33) % (2 * amplitude + 1) - amplitude
        }
    }
}
