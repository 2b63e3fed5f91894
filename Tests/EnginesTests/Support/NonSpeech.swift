import Audio
import Testing

/// Sounds on a telephone line that are not speech, two seconds each, the same samples each time.
enum NonSpeech: String, CaseIterable, CustomTestStringConvertible {
    case silence, tone, noise, keys, hum

    var testDescription: String { rawValue }

    var samples: [Int16] {
        switch self {
        case .silence: [Int16](repeating: 0, count: 16_000)
        case .tone: ToneSource(frequency: 1_000, level: -20).samples(milliseconds: 2_000)
        case .noise: Self.noise(amplitude: 300)
        case .keys: "147*".flatMap { key in (ToneSource(digit: key)?.samples(milliseconds: 250) ?? []) + [Int16](repeating: 0, count: 2_000) }
        case .hum: ToneSource(frequencies: [50, 100, 150], level: -35).samples(milliseconds: 2_000)
        }
    }

    /// White noise, of a linear congruential generator (Numerical Recipes).
    static func noise(amplitude: Int, count: Int = 16_000) -> [Int16] {
        var state: UInt32 = 7
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(Int(state >> 16) % (2 * amplitude + 1) - amplitude)
        }
    }
}
