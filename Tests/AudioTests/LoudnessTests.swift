import Audio
import Testing

@Suite struct LoudnessTests {
    @Test func fullScaleSquareWaveIsAtZero() {
        let square = (0..<800).map { Int16($0.isMultiple(of: 2) ? 32_767 : -32_768) }
        #expect(abs(Loudness(of: square).rms) < 0.001)
        #expect(Loudness(of: square).peak == 0)
    }

    @Test func sineIsThreeDecibelsBelowItsPeak() {
        let loudness = Loudness(of: ToneSource(frequency: 1000, level: -10).samples(milliseconds: 1000))
        #expect(abs(loudness.rms - -10) < 0.01)
        #expect(abs(loudness.peak - loudness.rms - 3.01) < 0.05)
    }

    @Test func halvingTheSamplesTakesSixDecibels() {
        let loud = ToneSource(frequency: 440, level: -8).samples(milliseconds: 500)
        let soft = loud.map { $0 / 2 }
        #expect(abs(Loudness(of: loud).rms - Loudness(of: soft).rms - 6.02) < 0.01)
    }

    @Test(arguments: [[], [0], [0, 0, 0]] as [[Int16]]) func silenceIsAtTheFloor(samples: [Int16]) {
        #expect(Loudness(of: samples).rms == Loudness.floor)
        #expect(Loudness(of: samples).peak == Loudness.floor)
    }

    @Test func oneClickRaisesThePeakButHardlyTheMean() {
        var samples = [Int16](repeating: 0, count: 8000)
        samples[4000] = .min
        #expect(Loudness(of: samples).peak == 0)
        #expect(Loudness(of: samples).rms < -39)
    }

    @Test(arguments: [-60.0, -20, -6, 0]) func levelAndAmplitudeAreInverse(level: Double) {
        #expect(abs(Loudness.level(of: Loudness.amplitude(of: level)) - level) < 1e-9)
    }
}
