import Audio
import Testing

@Suite struct WAVStreamTests {
    /// Reads bytes in pieces of a size; sounds of one rate that follow each other are put together.
    private static func sounds(_ bytes: [UInt8], in size: Int) throws -> [WAVStream.Sound] {
        var stream = WAVStream()
        var sounds: [WAVStream.Sound] = []
        for start in stride(from: 0, to: bytes.count, by: size) { sounds += try stream.read(Array(bytes[start..<min(start + size, bytes.count)])) }
        sounds += try stream.finish()
        return sounds.reduce(into: []) { merged, sound in
            if merged.last?.sampleRate == sound.sampleRate {
                merged[merged.count - 1].samples += sound.samples
            } else {
                merged.append(sound)
            }
        }
    }

    private static func read(_ bytes: [UInt8], in size: Int) throws -> (samples: [Int16], rate: Int?) {
        let sounds = try sounds(bytes, in: size)
        return (sounds.flatMap(\.samples), sounds.first?.sampleRate)
    }

    /// A file of 16-bit samples, as a service may send it.
    private static func file(_ samples: [Int16], rate: UInt32 = 8_000, announcing size: UInt32? = nil, then more: [[UInt8]] = []) -> [UInt8] {
        let data = samples.flatMap { RIFF.bytes($0) }
        let chunks = [RIFF.chunk("fmt ", RIFF.format(tag: 1, rate: rate, bits: 16)), RIFF.chunk("data", data, announcing: size)]
        return RIFF.file(chunks + more)
    }

    @Test(arguments: [1, 2, 3, 7, 44, 45, 1_000])
    func aFileReadsTheSameHoweverItIsCut(_ size: Int) throws {
        let file = WAVFile(sampleRate: 22_050, channels: [(0..<301).map { Int16($0 * 100) }])
        let read = try Self.read(file.encoded(), in: size)
        #expect(read.samples == file.channels[0] && read.rate == 22_050)
    }

    @Test func channelsAreMixedAndOtherChunksSkipped() throws {
        let data = [2, 4, -6, -2].flatMap { RIFF.bytes(Int16($0)) }
        let format = RIFF.chunk("fmt ", RIFF.format(tag: 1, channels: 2, bits: 16))
        let file = RIFF.file([RIFF.chunk("LIST", [1, 2, 3]), format, RIFF.chunk("data", data), RIFF.chunk("LIST", [9, 9, 9, 9])])
        for size in [1, 5, 200] { #expect(try Self.read(file, in: size).samples == [3, -4]) }
    }

    @Test(arguments: [0, 0xFFFF_FFFF as UInt32])
    func aFileOfUnknownLengthIsReadToItsEnd(_ size: UInt32) throws {
        let file = RIFF.wave(RIFF.format(tag: 1, bits: 16), data: [1, 0, 2, 0, 3, 0], announcing: size)
        #expect(try Self.read(file, in: 4).samples == [1, 2, 3])
    }

    @Test func whatIsNoWAVFileIsRefused() throws {
        #expect(throws: AudioError.self) { try Self.read([UInt8](repeating: 65, count: 12), in: 5) }
        #expect(throws: AudioError.self) { try Self.read(RIFF.file([RIFF.chunk("data", [1, 2])]), in: 5) }
        #expect(throws: AudioError.self) { try Self.read(RIFF.file([RIFF.chunk("LIST", [], announcing: 1 << 30)]), in: 5) }
        #expect(throws: AudioError.self) { try Self.read(RIFF.wave(RIFF.format(tag: 2, bits: 4), data: [1, 2, 3, 4]), in: 5) }
    }

    @Test(arguments: [1, 2, 3, 5, 11, 12, 13, 44, 60, 10_000])
    func filesBehindEachOtherAreAllRead(_ size: Int) throws {
        let list = RIFF.chunk("LIST", Array("INFOsoftware made this".utf8))
        let bytes =
            Self.file([1, 2, 3], announcing: 0) + Self.file([4, 5], rate: 16_000, announcing: .max)
            + Self.file([6], then: [list]) + [0, 0, 0] + Self.file([7, 8], rate: 24_000, then: [list]) + Array("not sound".utf8)
        let expected = [
            WAVStream.Sound(samples: [1, 2, 3], sampleRate: 8_000), WAVStream.Sound(samples: [4, 5], sampleRate: 16_000),
            WAVStream.Sound(samples: [6], sampleRate: 8_000), WAVStream.Sound(samples: [7, 8], sampleRate: 24_000),
        ]
        #expect(try Self.sounds(bytes, in: size) == expected)
    }

    @Test func aFileThatBreaksOffIsFollowedByTheNext() throws {
        let cut = Self.file([1, 2], announcing: 5_000)
        #expect(try Self.sounds(cut + [0xFF] + Self.file([3]), in: 7) == [WAVStream.Sound(samples: [1, 2, 3], sampleRate: 8_000)])
    }

    @Test(arguments: [1, 8, 500])
    func whatFollowsTheSamplesIsNoSound(_ size: Int) throws {
        let list = RIFF.chunk("LIST", [UInt8](repeating: 77, count: 300))
        #expect(try Self.read(Self.file([1, 2], then: [list]), in: size).samples == [1, 2])
        #expect(try Self.read(Self.file([], then: [list]), in: size).samples.isEmpty)
        #expect(try Self.read(Self.file([1, 2]) + [UInt8](repeating: 200, count: 3_000), in: size).samples == [1, 2])
    }

    @Test func aLongFileSaysItsLengthElsewhere() throws {
        let sizes = RIFF.bytes(UInt64(80)) + RIFF.bytes(UInt64(4)) + RIFF.bytes(UInt64(2)) + RIFF.bytes(UInt32(0))
        let chunks = [
            RIFF.chunk("ds64", sizes), RIFF.chunk("fmt ", RIFF.format(tag: 1, bits: 16)), RIFF.chunk("data", [1, 0, 2, 0], announcing: .max),
            RIFF.chunk("LIST", [9, 9]),
        ]
        let file = Array("RF64".utf8) + RIFF.file(chunks).dropFirst(4)
        #expect(try Self.read(file, in: 3).samples == [1, 2])
    }

    @Test(arguments: [1, 3, 64])
    func otherEncodingsAreRead(_ size: Int) throws {
        let float = [0.5, -0.25, 2].flatMap { RIFF.bytes(Float($0).bitPattern) }
        #expect(try Self.read(RIFF.wave(RIFF.format(tag: 3, bits: 32), data: float), in: size).samples == [16_384, -8_192, 32_767])
        let long: [UInt8] = [9, 0x34, 0x12, 1, 0xFE, 0xFF]
        #expect(try Self.read(RIFF.wave(RIFF.format(tag: 1, bits: 24), data: long), in: size).samples == [0x1234, -2])
        #expect(try Self.read(RIFF.wave(RIFF.format(tag: 1, bits: 32), data: [1, 2, 0x34, 0x12]), in: size).samples == [0x1234])
        let aLaw = RIFF.wave(RIFF.format(tag: 6, bits: 8), data: [0xD5, 0x55, 0xAA, 0x2A])
        #expect(try Self.read(aLaw, in: size).samples == [8, -8, 32_256, -32_256])
        let extensible = RIFF.extensibleFormat(tag: 3, channels: 2, bits: 32)
        #expect(try Self.read(RIFF.wave(extensible, data: Array(float.prefix(8))), in: size).samples == [4_096])
    }
}
