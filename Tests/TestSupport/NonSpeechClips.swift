import Audio

/// A hundred stretches of what a telephone line carries when nobody speaks.
///
/// For tests that nothing here is taken for a caller's turn. The same samples in every run and on every machine of one kind.
package enum NonSpeechClips {
    /// One stretch of audio without speech.
    package struct Clip: Sendable, CustomStringConvertible {
        /// What it is, unlike any other clip's name.
        package let name: String
        /// Samples at ``sampleRate``.
        package let samples: [Int16]

        /// The name.
        package var description: String { name }
    }

    /// Samples a second of every clip, in Hz.
    package static let sampleRate = 8000

    /// All of them, 2 to 4 s each.
    package static let all: [Clip] = silences + hisses + hums + comfortNoises + clicks + digits

    private static var silences: [Clip] {
        var random = SeededRandom(seed: 1)
        return [
            Clip(name: "digital silence", samples: Array(repeating: 0, count: length(0))),
            Clip(name: "constant offset of one mu-law step", samples: Array(repeating: 8, count: length(1))),
            Clip(name: "idle channel alternating around zero", samples: (0..<length(2)).map { $0.isMultiple(of: 2) ? 8 : -8 }),
            Clip(name: "idle channel wandering around zero", samples: (0..<length(3)).map { _ in [-8, 0, 8].randomElement(using: &random) ?? 0 }),
        ]
    }

    private static var hisses: [Clip] {
        let levels = stride(from: -60.0, through: -25, by: 5)
        return (0..<2).flatMap { take in
            levels.enumerated().flatMap { index, level in
                var random = SeededRandom(seed: UInt64(100 + 10 * take + index))
                let count = length(3 * take + index)
                return [
                    Clip(name: "white hiss \(level) dBFS, take \(take)", samples: scaled(random.whiteNoise(count), to: level)),
                    Clip(name: "pink hiss \(level) dBFS, take \(take)", samples: scaled(random.pinkNoise(count), to: level)),
                ]
            }
        }
    }

    private static var hums: [Clip] {
        let overtones = ["soft": [1.0, 2, 3], "harsh": [1, 2, 3, 5, 7, 9, 11, 13]].sorted { $0.key > $1.key }
        return [50.0, 60].flatMap { mains in
            overtones.flatMap { kind, multiples in
                [-50.0, -40, -30, -25].enumerated().map { index, level in
                    var source = ToneSource(frequencies: multiples.map { $0 * mains }, level: level, sampleRate: sampleRate)
                    return Clip(name: "\(kind) mains hum \(mains) Hz, \(level) dBFS", samples: source.next(length(index)))
                }
            }
        }
    }

    /// Noise with its highs taken off and its level drifting, as a codec fills pauses.
    private static var comfortNoises: [Clip] {
        (0..<12).map { index in
            var random = SeededRandom(seed: UInt64(200 + index))
            let level = -65 + 2 * Double(index)
            var smoothed = 0.0
            var drift = 1.0
            let noise = random.whiteNoise(length(index)).map { sample in
                smoothed += 0.4 * (sample - smoothed)
                drift = min(1.5, max(0.5, drift + 0.01 * random.nextNormal()))
                return smoothed * drift
            }
            return Clip(name: "comfort noise \(level) dBFS", samples: scaled(noise, to: level))
        }
    }

    /// One to ten crackles, each gone within a few milliseconds, on a quiet line.
    private static var clicks: [Clip] {
        (0..<16).map { index in
            var random = SeededRandom(seed: UInt64(300 + index))
            var samples = scaled(random.whiteNoise(length(index)), to: -60)
            let count = 1 + index * 9 / 15
            let peak = 32768 * Loudness.amplitude(of: -24 + Double(index))
            for _ in 0..<count {
                let start = Int.random(in: 0..<samples.count - 64, using: &random)
                for offset in 0..<64 {
                    let decay = 1 / Double(1 + offset * offset / 16)
                    samples[start + offset] = Int16(clamping: Int(peak * decay * (offset.isMultiple(of: 4) ? 1 : -0.5)))
                }
            }
            return Clip(name: "\(count) clicks, clip \(index)", samples: samples)
        }
    }

    /// Keys pressed for 80 to 200 ms with 60 to 200 ms between them.
    private static var digits: [Clip] {
        (0..<20).map { index in
            var random = SeededRandom(seed: UInt64(400 + index))
            let level = -20 + 14 * Double(index) / 19
            var samples: [Int16] = []
            var keys = ""
            while samples.count < 20 * sampleRate / 10 {
                let key = "0123456789*#".randomElement(using: &random) ?? "0"
                let tone = ToneSource(digit: key, level: level, sampleRate: sampleRate)
                samples += tone?.samples(milliseconds: Int.random(in: 80...200, using: &random)) ?? []
                samples += Array(repeating: 0, count: Int.random(in: 60...200, using: &random) * sampleRate / 1000)
                keys.append(key)
            }
            return Clip(name: "digits \(keys), clip \(index)", samples: samples)
        }
    }

    /// Samples in 2.0 to 4.0 s, in turn.
    private static func length(_ index: Int) -> Int { (20 + index * 7 % 21) * sampleRate / 10 }

    /// Noise brought to a root mean square level in dBFS.
    private static func scaled(_ noise: [Double], to level: Double) -> [Int16] {
        let rms = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
        let factor = 32768 * Loudness.amplitude(of: level) / rms
        return noise.map { Int16(clamping: Int(($0 * factor).rounded())) }
    }
}

extension SeededRandom {
    /// About normally distributed with variance 1: the sum of four even numbers is near enough for noise.
    mutating func nextNormal() -> Double {
        let bits = next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        return (Double(sum) / 65536 - 2) * 3.0.squareRoot()
    }

    /// Noise with as much power in every hertz.
    mutating func whiteNoise(_ count: Int) -> [Double] { (0..<count).map { _ in nextNormal() } }

    /// Noise with as much power in every octave, by Kellet's sum of three smoothed noises.
    mutating func pinkNoise(_ count: Int) -> [Double] {
        var (slow, middle, fast) = (0.0, 0.0, 0.0)
        return (0..<count).map { _ in
            let white = nextNormal()
            slow = 0.99765 * slow + white * 0.0990460
            middle = 0.96300 * middle + white * 0.2965164
            fast = 0.57000 * fast + white * 1.0526913
            return slow + middle + fast + white * 0.1848
        }
    }
}
