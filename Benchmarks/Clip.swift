import Audio
import Engines
import TestSupport

/// Speech of the repository's `Samples`.
struct Clip: Sendable {
    /// The part of the file's name after `caller-`.
    let name: String
    /// 16-bit samples at 8,000 Hz.
    let samples: [Int16]

    /// How long it is.
    var seconds: Double { Double(samples.count) / 8000 }

    /// Reads one.
    init(_ name: String) throws {
        self.name = name
        samples = try WAVFile.read(path: "\(Installation.locate().root)/Samples/caller-\(name).wav").mono(at: 8000)
    }

    /// A second of a quiet line's noise, at -55 dBFS, in frames of 20 ms.
    static var noise: [[Int16]] {
        var random = SeededRandom(seed: 7)
        let most = Loudness.amplitude(of: -55) * 32768 * 3.0.squareRoot()
        return (0..<50).map { _ in (0..<160).map { _ in Int16(Double.random(in: -most...most, using: &random)) } }
    }

    /// The samples in frames of 20 ms; what is left over is dropped.
    var frames: [[Int16]] {
        stride(from: 0, to: samples.count / 160 * 160, by: 160).map { Array(samples[$0..<$0 + 160]) }
    }
}
