import Foundation

/// How loud a stretch of audio is.
///
/// Levels are in dBFS relative to 32768, the largest 16-bit magnitude: a full-scale square wave is at 0, a full-scale sine at -3.
package struct Loudness: Sendable, Equatable {
    /// The level given for digital silence, in dBFS, because neither JSON nor an average can hold minus infinity.
    package static let floor = -120.0

    /// The largest 16-bit magnitude, the 0 of every level.
    private static let fullScale = 32768.0

    /// The root mean square level, in dBFS.
    package let rms: Double
    /// The level of the largest sample, in dBFS.
    package let peak: Double

    /// Measures some samples; none at all are silence.
    package init(of samples: some Collection<Int16>) {
        var squares: UInt64 = 0
        var largest: UInt16 = 0
        for sample in samples {
            let magnitude = sample.magnitude
            squares &+= UInt64(magnitude) &* UInt64(magnitude)
            largest = max(largest, magnitude)
        }
        rms = Self.level(of: (Double(squares) / Double(max(1, samples.count))).squareRoot() / Self.fullScale)
        peak = Self.level(of: Double(largest) / Self.fullScale)
    }

    /// The level of an amplitude, of 0 to 1, in dBFS; never below ``floor``.
    package static func level(of amplitude: Double) -> Double {
        amplitude > 0 ? max(floor, 20 * log10(amplitude)) : floor
    }

    /// The amplitude, of 0 to 1, of a level in dBFS.
    package static func amplitude(of level: Double) -> Double { pow(10, level / 20) }
}
