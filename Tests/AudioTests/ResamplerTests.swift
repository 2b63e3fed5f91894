import Audio
import Foundation
import TestSupport
import Testing

@Suite struct ResamplerTests {
    /// A pair of rates, in Hz.
    struct Pair: Sendable, CustomTestStringConvertible {
        var from: Int
        var to: Int
        var testDescription: String { "\(from) to \(to) Hz" }
    }

    static let pairs = [
        Pair(from: 8000, to: 16_000), Pair(from: 16_000, to: 8000), Pair(from: 22_050, to: 8000), Pair(from: 8000, to: 22_050),
        Pair(from: 24_000, to: 8000), Pair(from: 8000, to: 24_000), Pair(from: 44_100, to: 8000), Pair(from: 48_000, to: 44_100),
        Pair(from: 11_025, to: 8000), Pair(from: 8000, to: 8000),
    ]

    static func converted(_ samples: [Int16], _ pair: Pair) throws -> [Int16] {
        let resampler = try Resampler(from: pair.from, to: pair.to)
        return resampler.process(samples) + resampler.finish()
    }

    static func tone(_ frequency: Double, rate: Int, level: Double = -12, milliseconds: Int = 500) -> [Int16] {
        ToneSource(frequency: frequency, level: level, sampleRate: rate).samples(milliseconds: milliseconds)
    }

    /// The level of one frequency in the middle half of some samples, in dBFS as ``Loudness`` has it.
    static func level(of frequency: Double, in samples: [Int16], rate: Int) -> Double {
        let middle = samples[samples.count / 4..<samples.count * 3 / 4]
        var (cosines, sines) = (0.0, 0.0)
        for (index, sample) in middle.enumerated() {
            let phase = 2 * Double.pi * frequency * Double(index) / Double(rate)
            cosines += Double(sample) * cos(phase)
            sines += Double(sample) * sin(phase)
        }
        let amplitude = 2 * (cosines * cosines + sines * sines).squareRoot() / Double(middle.count) / 32768
        return Loudness.level(of: amplitude / 2.0.squareRoot())
    }

    @Test(arguments: pairs) func cuttingTheSignalDiffersInNoSample(pair: Pair) throws {
        var random = SeededRandom(seed: UInt64(pair.from * 7 + pair.to))
        let signal = (0..<pair.from / 2).map { _ in Int16.random(in: -20_000...20_000, using: &random) }
        let whole = try Self.converted(signal, pair)
        for largest in [1, 7, 160, 161, 5000] {
            let resampler = try Resampler(from: pair.from, to: pair.to)
            var pieces: [Int16] = []
            var rest = signal[...]
            while !rest.isEmpty {
                let count = Int.random(in: 0...largest, using: &random)
                pieces += resampler.process(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(pieces + resampler.finish() == whole, "pieces of up to \(largest)")
        }
    }

    @Test(arguments: pairs, [300.0, 1000, 3400]) func telephoneTonesKeepTheirLevel(pair: Pair, frequency: Double) throws {
        let output = try Self.converted(Self.tone(frequency, rate: pair.from), pair)
        #expect(abs(Self.level(of: frequency, in: output, rate: pair.to) - -12) < 1)
        #expect(abs(Loudness(of: output).rms - -12) < 1, "nothing else was added")
    }

    @Test(arguments: pairs.filter { $0.from > $0.to }, [1.1, 1.25])
    func tonesAboveTheNewBandAreGone(pair: Pair, factor: Double) throws {
        let frequency = Double(pair.to) / 2 * factor
        try #require(frequency < Double(pair.from) / 2 || pair.from < 2 * pair.to)
        let output = try Self.converted(Self.tone(min(frequency, Double(pair.from) * 0.49), rate: pair.from), pair)
        let middle = output[output.count / 4..<output.count * 3 / 4]
        #expect(Loudness(of: middle).rms < -12 - 40)
    }

    @Test(arguments: pairs.filter { $0.from < $0.to }) func convertingUpAddsNoImages(pair: Pair) throws {
        let output = try Self.converted(Self.tone(3000, rate: pair.from), pair)
        let image = Double(pair.from) - 3000
        try #require(image < Double(pair.to) / 2)
        #expect(Self.level(of: image, in: output, rate: pair.to) < -12 - 40)
    }

    @Test(arguments: pairs, [0, 1, 79, 160, 8001]) func lengthIsInProportion(pair: Pair, count: Int) throws {
        let output = try Self.converted(Array(repeating: 1000, count: count), pair)
        #expect(output.count == (count * pair.to + pair.from - 1) / pair.from)
    }

    @Test(arguments: pairs) func clickStaysAtItsInstant(pair: Pair) throws {
        var signal = [Int16](repeating: 0, count: pair.from / 5)
        for index in 0..<20 { signal[pair.from / 10 + index] = 20_000 }
        let output = try Self.converted(signal, pair)
        let weight = output.reduce(0.0) { $0 + Double($1) }
        let centre = output.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) } / weight
        let expected = (Double(pair.from) / 10 + 9.5) / Double(pair.from)
        #expect(abs(centre / Double(pair.to) - expected) < 0.000_1, "within a tenth of a millisecond")
    }

    @Test(arguments: pairs) func callWithALongSignalGivesWhatTheFilterHasNoDelayFor(pair: Pair) throws {
        let resampler = try Resampler(from: pair.from, to: pair.to)
        let early = resampler.process(Array(repeating: 0, count: pair.from)).count
        #expect((pair.to * 98 / 100...pair.to).contains(early), "all of one second but at most 20 ms")
    }

    @Test(arguments: pairs) func finishedConverterStartsAnew(pair: Pair) throws {
        let signal = Self.tone(700, rate: pair.from, milliseconds: 100)
        let resampler = try Resampler(from: pair.from, to: pair.to)
        let first = resampler.process(signal) + resampler.finish()
        let second = resampler.process(signal) + resampler.finish()
        #expect(first == second)
        #expect(resampler.finish().isEmpty)
    }

    @Test func loudSignalIsClippedAndNotWrapped() throws {
        let square = (0..<8000).map { Int16($0 / 20 % 2 == 0 ? 32_767 : -32_768) }
        let output = try Self.converted(square, Pair(from: 8000, to: 16_000))
        // Wrapping would throw a plateau to the other sign; there the steps are 40 samples long.
        let steps = stride(from: 20, to: output.count - 20, by: 40).map { output[$0] }
        #expect(steps.enumerated().allSatisfy { $0.offset.isMultiple(of: 2) ? $0.element > 30_000 : $0.element < -30_000 })
    }

    @Test(arguments: [
        Pair(from: 0, to: 8000), Pair(from: 8000, to: 0), Pair(from: -8000, to: 8000), Pair(from: 8000, to: .max), Pair(from: 999, to: 999),
    ])
    func impossibleRatesAreRefused(pair: Pair) {
        let error = #expect(throws: AudioError.self) { try Resampler(from: pair.from, to: pair.to) }
        #expect(error?.code == .invalidRate)
        #expect(error?.message.contains("\(pair.from)") == true)
    }
}
