import Foundation

/// The tone that callers hear while a telephone rings: 440 and 480 Hz together for two seconds, then four seconds of silence.
///
/// Source: ITU-T E.180, the tones of North America.
package enum RingingTone {
    /// The sample rate, in Hz.
    package static let sampleRate = 8000
    private static let onMs = 2000
    private static let periodMs = 6000
    /// Each of the two tones lies 19 dB below full scale.
    private static let amplitude = 3600.0

    /// Samples from a place in the tone, which never ends.
    package static func samples(fromMs: Int, lengthMs: Int) -> [Int16] {
        (0..<lengthMs * sampleRate / 1000).map { offset in
            let sample = fromMs * sampleRate / 1000 + offset
            guard sample * 1000 / sampleRate % periodMs < onMs else { return 0 }
            let seconds = Double(sample) / Double(sampleRate)
            return Int16(amplitude * (sin(2 * .pi * 440 * seconds) + sin(2 * .pi * 480 * seconds)))
        }
    }
}
