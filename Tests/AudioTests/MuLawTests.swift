import Audio
import Testing

/// G.711 written a second time, the slow way: a search through the segments, and no tables.
private enum Reference {
    /// The code of a 16-bit sample.
    static func encode(_ sample: Int) -> Int {
        // To 14 bits, rounding down.
        let value = (sample - ((sample % 4) + 4) % 4) / 4
        let magnitude = min(value < 0 ? -value : value, 8158)
        // Segment s has 16 steps of 2^(s+1) and begins at 32 * 2^s - 33 + 1; see G.711 table 2a.
        var segment = 0
        while magnitude + 33 >= 64 * (1 << segment) { segment += 1 }
        let step = (magnitude + 33 - 32 * (1 << segment)) / (2 * (1 << segment))
        let uncomplemented = (value < 0 ? 128 : 0) + segment * 16 + step
        return 255 - uncomplemented
    }

    /// The 16-bit sample of a code, by counting up to the middle of its step.
    static func decode(_ code: Int) -> Int {
        let bits = 255 - code
        let (segment, step) = (bits % 128 / 16, bits % 16)
        var edge = -1
        for earlier in 0..<segment { edge += 16 * (2 << earlier) }
        let middle = edge + step * (2 << segment) + (1 << segment)
        return 4 * (bits < 128 ? middle : -middle)
    }
}

@Suite struct MuLawTests {
    static let everySample: [Int16] = (Int16.min...Int16.max).map { $0 }
    static let everyCode: [UInt8] = (0...255).map { $0 }

    @Test func everySampleIsEncodedAsG711Says() {
        let codes = MuLaw.encode(Self.everySample)
        #expect(codes.count == 65_536)
        let wrong = zip(Self.everySample, codes).filter { Reference.encode(Int($0)) != Int($1) }
        #expect(wrong.isEmpty)
    }

    @Test func everyCodeIsDecodedAsG711Says() {
        #expect(MuLaw.decode(Self.everyCode).map(Int.init) == Self.everyCode.map { Reference.decode(Int($0)) })
    }

    @Test(
        arguments: [
            (0xFF, 0), (0x7F, 0), (0xFE, 8), (0x7E, -8), (0x80, 32124), (0x00, -32124), (0xF0, 120), (0x70, -120),
            (0x8F, 16764), (0x0F, -16764), (0xAA, 5372), (0x2A, -5372), (0xEF, 132), (0x6F, -132),
        ] as [(UInt8, Int16)]
    )
    func knownCodesMeanKnownSamples(code: UInt8, sample: Int16) {
        #expect(MuLaw.decode([code]) == [sample])
    }

    @Test(
        arguments: [
            (0, 0xFF), (3, 0xFF), (4, 0xFE), (-1, 0x7E), (-8, 0x7E), (100, 0xF2), (-100, 0x72), (1000, 0xCE), (-1000, 0x4E),
            (10_000, 0x9C), (-10_000, 0x1C), (32_635, 0x80), (.max, 0x80), (-32_635, 0x00), (.min, 0x00),
        ] as [(Int16, UInt8)]
    )
    func knownSamplesHaveKnownCodes(sample: Int16, code: UInt8) {
        #expect(MuLaw.encode([sample]) == [code])
    }

    @Test func decodingAndEncodingAgainKeepsEveryCodeButNegativeZero() {
        let again = MuLaw.encode(MuLaw.decode(Self.everyCode))
        #expect(zip(Self.everyCode, again).filter { $0 != $1 }.map(\.0) == [0x7F])
    }

    @Test func silenceDecodesToSilenceAndNotToAShriek() {
        let silence = [UInt8](repeating: MuLaw.silence, count: 160)
        #expect(Loudness(of: MuLaw.decode(silence)).peak == Loudness.floor)
        // A decoder that forgets to complement the bits reads 0xFF as 0x00: full scale, negative.
        let uncomplemented = MuLaw.decode(silence.map { ~$0 })
        #expect(Loudness(of: uncomplemented).peak > -1)
    }

    @Test func louderSamplesNeverDecodeSofter() {
        let decoded = MuLaw.decode(MuLaw.encode(Self.everySample))
        #expect(zip(decoded, decoded.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func quantisingStaysWithinHalfAStepOfTheSegment() {
        let decoded = MuLaw.decode(MuLaw.encode(Self.everySample))
        let wrong = zip(Self.everySample, decoded).filter { sample, heard in
            guard abs(Int(sample)) <= 32_635 else { return false }
            return abs(Int(sample) - Int(heard)) > max(8, (abs(Int(sample)) + 132) / 32 + 4)
        }
        #expect(wrong.isEmpty)
    }

    @Test func convertingIntoAnArrayAppends() {
        var samples: [Int16] = [7]
        MuLaw.decode([0xFF, 0x80] as [UInt8], into: &samples)
        #expect(samples == [7, 0, 32124])
        var codes: [UInt8] = [9]
        MuLaw.encode([0, 32124] as [Int16], into: &codes)
        #expect(codes == [9, 0xFF, 0x80])
    }

    @Test func appendingWithinTheRoomOfAnArrayKeepsItsStorage() {
        var samples: [Int16] = []
        samples.reserveCapacity(320)
        let before = samples.withUnsafeBufferPointer { $0.baseAddress }
        MuLaw.decode([UInt8](repeating: 0x55, count: 160), into: &samples)
        MuLaw.decode([UInt8](repeating: 0x55, count: 160), into: &samples)
        #expect(samples.withUnsafeBufferPointer { $0.baseAddress } == before)
    }

    @Test func collectionsThatAreNotContiguousConvertAlike() {
        let scattered = Self.everyCode.reversed().lazy.filter { _ in true }
        #expect(MuLaw.decode(scattered) == MuLaw.decode(Array(scattered)))
        let samples = Self.everySample.reversed().lazy.filter { $0.isMultiple(of: 97) }
        #expect(MuLaw.encode(samples) == MuLaw.encode(Array(samples)))
    }

    @Test func nothingConvertsToNothing() {
        #expect(MuLaw.decode([]).isEmpty)
        #expect(MuLaw.encode([]).isEmpty)
    }
}
