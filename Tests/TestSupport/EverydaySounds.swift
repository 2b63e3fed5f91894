import Audio
import Foundation

/// What is heard on telephone lines when no one speaks to the agent: two minutes of each kind.
///
/// Made by rule, so that the same samples are heard in every run.
package enum EverydaySounds: String, CaseIterable, Sendable {
    case silence
    case comfortNoise = "comfort noise"
    case ringback
    case holdMusic = "hold music"
    case keys
    case coughs
    case television

    /// Samples a second, in Hz.
    package static let sampleRate = NonSpeechClips.sampleRate
    private static let minute = 60 * sampleRate

    /// Two minutes of it; `speech` is what the voices of a television say.
    package func samples(speech: [[Int16]]) -> [Int16] {
        var random = SeededRandom(seed: UInt64(500 + (Self.allCases.firstIndex(of: self) ?? 0)))
        return switch self {
        case .silence: [Int16](repeating: 0, count: 2 * Self.minute)
        case .comfortNoise: [-60.0, -45].flatMap { Self.noise(Self.minute, level: $0, &random) }
        case .ringback: [-20.0, -30].flatMap { Self.ringback(level: $0) }
        case .holdMusic: [-20.0, -30].flatMap { Self.music(level: $0, &random) }
        case .keys: Self.keys(&random)
        case .coughs: Self.coughs(&random)
        case .television: [-30.0, -38].flatMap { Self.television(speech, level: $0, &random) }
        }
    }

    private static func noise(_ count: Int, level: Double, _ random: inout SeededRandom) -> [Int16] {
        scaled(random.pinkNoise(count), to: level)
    }

    /// Two seconds of 440 and 480 Hz, four of silence, as in North America.
    private static func ringback(level: Double) -> [Int16] {
        let ring = ToneSource(frequencies: [440, 480], level: level, sampleRate: sampleRate).samples(milliseconds: 2000)
        return Array([[Int16]](repeating: ring + [Int16](repeating: 0, count: 4 * sampleRate), count: 10).joined())
    }

    /// Chords of four notes with overtones, struck twice a second and left to fade, and a tune above them.
    private static func music(level: Double, _ random: inout SeededRandom) -> [Int16] {
        let chords = [[220.0, 277.2, 329.6, 440], [196, 246.9, 293.7, 392], [174.6, 220, 261.6, 349.2], [164.8, 207.7, 246.9, 329.6]]
        let beat = sampleRate / 2
        var music: [Double] = []
        for index in 0..<minute / beat {
            let notes = chords[index / 4 % chords.count] + [523.3, 587.3, 659.3, 784].shuffled(using: &random).prefix(1)
            for place in 0..<beat {
                let time = Double(place) / Double(sampleRate)
                var tones = 0.0
                for note in notes {
                    for overtone in 1...4 {
                        let order = Double(overtone)
                        tones += sin(2 * Double.pi * note * order * time) / (order * order)
                    }
                }
                music.append(tones * exp(-2.5 * time))
            }
        }
        return scaled(music, to: level)
    }

    /// Keys of the telephone, and a keyboard's.
    private static func keys(_ random: inout SeededRandom) -> [Int16] {
        var samples: [Int16] = []
        while samples.count < minute {
            let key = "0123456789*#".randomElement(using: &random) ?? "0"
            samples +=
                ToneSource(digit: key, level: -14, sampleRate: sampleRate)?.samples(milliseconds: Int.random(in: 80...200, using: &random)) ?? []
            samples += [Int16](repeating: 0, count: Int.random(in: 800...12_000, using: &random))
        }
        while samples.count < 2 * minute {
            let strength = Double.random(in: 1_000...6_000, using: &random)
            for (place, white) in random.whiteNoise(160).enumerated() {
                let fade = exp(-Double(place) / 25)
                samples.append(Int16(clamping: Int(white * strength * fade)))
            }
            samples += [Int16](repeating: 0, count: Int.random(in: 400...2_400, using: &random))
        }
        return Array(samples.prefix(2 * minute))
    }

    /// Bursts of breath, formed by a mouth: one to three, some seconds apart.
    private static func coughs(_ random: inout SeededRandom) -> [Int16] {
        var samples: [Int16] = []
        while samples.count < 2 * minute {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let count = Int.random(in: 1_200...2_800, using: &random)
                var (low, band) = (0.0, 0.0)
                let width = 2 * .pi * Double.random(in: 500...1_200, using: &random) / Double(sampleRate)
                var burst: [Double] = []
                for (place, white) in random.whiteNoise(count).enumerated() {
                    low += width * band
                    band += width * (white - low - 0.6 * band)
                    let rise = min(1, Double(place) / 80)
                    let fade = exp(-3 * Double(place) / Double(count))
                    burst.append(band * rise * fade)
                }
                samples += scaled(burst, to: Double.random(in: -26 ... -16, using: &random))
                samples += [Int16](repeating: 0, count: Int.random(in: 800...2_400, using: &random))
            }
            samples += scaled(random.whiteNoise(Int.random(in: 2...5, using: &random) * sampleRate), to: -60)
        }
        return Array(samples.prefix(2 * minute))
    }

    /// Several people at once in another room, with little of the highs left.
    private static func television(_ speech: [[Int16]], level: Double, _ random: inout SeededRandom) -> [Int16] {
        guard !speech.isEmpty else { return [] }
        var mix = [Double](repeating: 0, count: minute)
        for _ in 0..<3 {
            var place = 0
            while place < minute {
                for sample in speech.randomElement(using: &random) ?? [] where place < minute {
                    mix[place] += Double(sample)
                    place += 1
                }
                place += Int.random(in: 0...4_000, using: &random)
            }
        }
        var smoothed = 0.0
        for index in mix.indices {
            smoothed += 0.35 * (mix[index] - smoothed)
            mix[index] = smoothed + 0.4 * (index >= 900 ? mix[index - 900] : 0)
        }
        return scaled(mix, to: level)
    }

    /// Samples brought to a root mean square level in dBFS.
    private static func scaled(_ samples: [Double], to level: Double) -> [Int16] {
        let rms = (samples.reduce(0) { $0 + $1 * $1 } / Double(max(1, samples.count))).squareRoot()
        let factor = rms > 0 ? 32_768 * Loudness.amplitude(of: level) / rms : 0
        return samples.map { Int16(clamping: Int(($0 * factor).rounded())) }
    }
}
