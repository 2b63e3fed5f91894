import Audio
import Testing

@Suite struct ToneSourceTests {
    @Test func toneTakenInPiecesIsTheToneTakenAtOnce() {
        var pieces = ToneSource(frequency: 440)
        #expect((0..<50).flatMap { _ in pieces.next(160) } == ToneSource(frequency: 440).samples(milliseconds: 1000))
    }

    @Test(arguments: [-60.0, -20, -6]) func toneHasTheLevelAskedFor(level: Double) {
        let one = ToneSource(frequency: 1000, level: level).samples(milliseconds: 1000)
        let two = ToneSource(frequencies: [700, 1300], level: level).samples(milliseconds: 1000)
        #expect(abs(Loudness(of: one).rms - level) < 0.1)
        #expect(abs(Loudness(of: two).rms - level) < 0.1)
    }

    @Test(
        arguments: [
            ("1", 697, 1209), ("5", 770, 1336), ("9", 852, 1477), ("0", 941, 1336), ("*", 941, 1209), ("#", 941, 1477), ("A", 697, 1633),
            ("D", 941, 1633),
        ] as [(Character, Double, Double)]
    )
    func digitIsItsTwoTonesEquallyLoud(digit: Character, low: Double, high: Double) throws {
        let samples = try #require(ToneSource(digit: digit, level: -10)).samples(milliseconds: 1000)
        #expect(abs(ResamplerTests.level(of: low, in: samples, rate: 8000) - -13) < 0.3)
        #expect(abs(ResamplerTests.level(of: high, in: samples, rate: 8000) - -13) < 0.3)
    }

    @Test(arguments: ["E", " ", "é", "a"] as [Character]) func otherCharactersAreNoKeys(character: Character) {
        #expect(ToneSource(digit: character) == nil)
    }

    @Test func toneTooLoudIsClippedAndNotWrapped() {
        let samples = ToneSource(frequency: 100, level: 6).samples(milliseconds: 10)
        #expect(samples.max() == .max)
        #expect(samples[1..<39].allSatisfy { $0 > 0 })
    }

    @Test func durationIsExact() {
        #expect(ToneSource(frequency: 440, sampleRate: 22_050).samples(milliseconds: 20).count == 441)
    }
}
