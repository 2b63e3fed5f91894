/// Sounds of a closed mouth: "mm-hm", "mhm", "mm".
///
/// What matters is how fast the sound changes from sample to sample: a hum holds next to nothing above 500 Hz, the vowel and the
/// consonants of any word do. The measure is the energy of the differences between neighbouring samples over the energy of the samples,
/// which does not depend on the level.
enum Hum {
    /// 20 ms at 8,000 Hz.
    private static let frame = 160
    /// Frames this much below the loudest do not count, as a ratio of energies (20 dB): breath and line noise.
    private static let quietest: Float = 0.01
    /// The largest ratio of a hummed frame, about that of a 500 Hz tone; synthetic voices hum at 0.11 to 0.14 and say "in" at 0.20.
    private static let largestRatio: Float = 0.155
    /// The least share of frames that must be hummed.
    private static let leastShare = 0.75
    /// The least number of frames that count, 100 ms.
    private static let fewest = 5

    /// Whether the loud parts of a clip are hummed; `samples` are 16-bit at 8,000 Hz with some silence around the sound.
    static func isHum(_ samples: [Int16]) -> Bool {
        let frames = stride(from: 0, to: samples.count - frame, by: frame).map { measure(samples[$0..<$0 + frame]) }
        let loudest = frames.map(\.energy).max() ?? 0
        let loud = frames.filter { $0.energy > loudest * quietest && $0.energy > 0 }
        guard loud.count >= fewest else { return false }
        return Double(loud.count { $0.change <= $0.energy * largestRatio }) >= leastShare * Double(loud.count)
    }

    private static func measure(_ frame: ArraySlice<Int16>) -> (energy: Float, change: Float) {
        var energy: Float = 0
        var change: Float = 0
        var previous = Float(frame.first ?? 0)
        for sample in frame {
            let value = Float(sample)
            energy += value * value
            change += (value - previous) * (value - previous)
            previous = value
        }
        return (energy, change)
    }
}
