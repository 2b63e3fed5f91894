import Audio
import Testing

@Suite struct WAVStreamTests {
    private static func read(_ bytes: [UInt8], in size: Int) throws -> (samples: [Int16], rate: Int?) {
        var (stream, samples) = (WAVStream(), [Int16]())
        for start in stride(from: 0, to: bytes.count, by: size) { samples += try stream.read(Array(bytes[start..<min(start + size, bytes.count)])) }
        return (samples, stream.sampleRate)
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
        #expect(throws: AudioError.self) { try Self.read(RIFF.wave(RIFF.format(tag: 3, bits: 32), data: [1, 2, 3, 4]), in: 5) }
    }
}
