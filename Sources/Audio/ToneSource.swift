import Foundation

/// A steady sum of sines, the same samples each time it is made.
///
/// The phase is carried from call to call, so a tone taken 20 ms at a time has no clicks.
package struct ToneSource: Sendable, Equatable {
    /// The tones, in Hz, all equally loud.
    package let frequencies: [Double]
    /// The root mean square level of the sum, in dBFS as ``Loudness`` has it.
    package let level: Double
    /// Samples a second, in Hz.
    package let sampleRate: Int

    /// The samples already given.
    private var position = 0

    /// Makes a sum of tones, in Hz, at a root mean square `level` in dBFS.
    ///
    /// Peaks beyond full scale are clipped: one tone has room up to -3 dBFS, two up to -6.
    package init(frequencies: [Double], level: Double = -20, sampleRate: Int = 8000) {
        self.frequencies = frequencies
        self.level = level
        self.sampleRate = sampleRate
    }

    /// Makes one tone, in Hz, at a root mean square `level` in dBFS.
    package init(frequency: Double, level: Double = -20, sampleRate: Int = 8000) {
        self.init(frequencies: [frequency], level: level, sampleRate: sampleRate)
    }

    /// Makes the two tones of a telephone key, `0`-`9`, `*`, `#` or `A`-`D` (ITU-T Q.23); nothing for any other character.
    package init?(digit: Character, level: Double = -14, sampleRate: Int = 8000) {
        guard let frequencies = Self.keypad[digit] else { return nil }
        self.init(frequencies: frequencies, level: level, sampleRate: sampleRate)
    }

    /// The next `count` samples.
    package mutating func next(_ count: Int) -> [Int16] {
        let amplitude = Loudness.amplitude(of: level) * (2 / Double(max(1, frequencies.count))).squareRoot() * 32768
        let steps = frequencies.map { 2 * Double.pi * $0 / Double(max(1, sampleRate)) }
        defer { position += count }
        return (position..<position + count).map { index in
            let sum = steps.reduce(0) { $0 + sin($1 * Double(index)) }
            return Int16(clamping: Int((sum * amplitude).rounded()))
        }
    }

    /// The first `milliseconds` of the tone.
    package func samples(milliseconds: Int) -> [Int16] {
        var fresh = Self(frequencies: frequencies, level: level, sampleRate: sampleRate)
        return fresh.next(sampleRate * milliseconds / 1000)
    }

    /// The low and the high tone of each key, in Hz (ITU-T Q.23).
    private static let keypad: [Character: [Double]] = {
        let rows: [(Double, String)] = [(697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D")]
        let columns: [Double] = [1209, 1336, 1477, 1633]
        let keys = rows.flatMap { low, keys in zip(keys, columns).map { ($0, [low, $1]) } }
        return Dictionary(uniqueKeysWithValues: keys)
    }()
}
