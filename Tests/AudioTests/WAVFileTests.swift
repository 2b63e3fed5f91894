import Audio
import Foundation
import TestSupport
import Testing

@Suite struct WAVFileTests {
    static let stereo = WAVFile(sampleRate: 8000, channels: [[1, -2, 300], [.max, .min, 0]])

    @Test func writtenFileReadsAsItWas() throws {
        #expect(try WAVFile(parsing: Self.stereo.encoded()) == Self.stereo)
        let mono = WAVFile(sampleRate: 44_100, channels: [[5, 6, 7, 8]])
        #expect(try WAVFile(parsing: mono.encoded()) == mono)
    }

    @Test func headerIsTheCanonicalOne() {
        let bytes = WAVFile(sampleRate: 8000, channels: [[0x0102], [-1]]).encoded()
        let expected: [UInt8] =
            Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1F, 0, 0, 0, 0x7D, 0, 0, 4, 0, 16, 0]
            + Array("data".utf8) + [4, 0, 0, 0, 0x02, 0x01, 0xFF, 0xFF]
        #expect(bytes == expected)
    }

    @Test func shorterChannelIsPaddedWithSilence() throws {
        let uneven = WAVFile(sampleRate: 8000, channels: [[1, 2, 3], [4]])
        #expect(try WAVFile(parsing: uneven.encoded()).channels == [[1, 2, 3], [4, 0, 0]])
    }

    @Test func fileWithoutChannelsIsAnEmptyMonoOne() throws {
        #expect(try WAVFile(parsing: WAVFile(sampleRate: 8000, channels: []).encoded()).channels == [[]])
    }

    @Test func eightBitSamplesAreCentredAt128() throws {
        let file = try WAVFile(parsing: RIFF.wave(RIFF.format(tag: 1, bits: 8), data: [128, 255, 0, 129]))
        #expect(file.channels == [[0, 32_512, -32_768, 256]])
    }

    @Test func muLawSamplesAreDecoded() throws {
        let file = try WAVFile(parsing: RIFF.wave(RIFF.format(tag: 7, bits: 8), data: [0xFF, 0x80, 0x00]))
        #expect(file == WAVFile(sampleRate: 8000, channels: [[0, 32_124, -32_124]]))
    }

    @Test(arguments: [(1, 8), (1, 16), (7, 8)] as [(UInt16, UInt16)]) func extensibleFormatReadsLikeThePlainOne(tag: UInt16, bits: UInt16) throws {
        let data = (0..<32).map { UInt8($0 * 7) }
        let plain = try WAVFile(parsing: RIFF.wave(RIFF.format(tag: tag, channels: 2, bits: bits), data: data))
        #expect(try WAVFile(parsing: RIFF.wave(RIFF.extensibleFormat(tag: tag, channels: 2, bits: bits), data: data)) == plain)
    }

    @Test(arguments: 1...8) func channelsAreTakenApart(count: Int) throws {
        let data = (0..<3 * count).flatMap { RIFF.bytes(Int16($0)) }
        let file = try WAVFile(parsing: RIFF.wave(RIFF.format(tag: 1, channels: UInt16(count), bits: 16), data: data))
        #expect(file.channels == (0..<count).map { channel in (0..<3).map { Int16($0 * count + channel) } })
    }

    @Test func unknownAndOddChunksAreSkipped() throws {
        let bytes = RIFF.file([
            RIFF.chunk("LIST", [1, 2, 3]), RIFF.chunk("fmt ", RIFF.format(tag: 7, bits: 8)), RIFF.chunk("fact", [1, 0, 0, 0]),
            RIFF.chunk("odd ", [9]), RIFF.chunk("data", [0x80]), RIFF.chunk("id3 ", [1, 2]),
        ])
        #expect(try WAVFile(parsing: bytes).channels == [[32_124]])
    }

    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32]) func sizeLeftOpenByAPipeMeansUpToTheEnd(size: UInt32) throws {
        let data = (1...100).map { UInt8($0) }
        let bytes = RIFF.wave(RIFF.format(tag: 1, bits: 16), data: data, announcing: size)
        #expect(try WAVFile(parsing: bytes) == WAVFile(parsing: RIFF.wave(RIFF.format(tag: 1, bits: 16), data: data)))
    }

    @Test func emptyDataBeforeOtherChunksStaysEmpty() throws {
        let bytes = RIFF.file([
            RIFF.chunk("fmt ", RIFF.format(tag: 1, bits: 16)), RIFF.chunk("data", []), RIFF.chunk("LIST", Array("INFO".utf8)),
        ])
        #expect(try WAVFile(parsing: bytes).channels == [[]])
    }

    @Test func cutFileReadsAsFarAsItGoes() throws {
        let whole = Self.stereo.encoded()
        #expect(try WAVFile(parsing: Array(whole.dropLast(4))).channels == [[1, -2], [.max, .min]])
        #expect(try WAVFile(parsing: Array(whole.dropLast(5))).channels == [[1], [.max]], "half a frame is no frame")
        #expect(try WAVFile(parsing: Array(whole.prefix(44))).channels == [[], []])
    }

    @Test func mixingDownTakesTheMean() throws {
        let file = WAVFile(sampleRate: 8000, channels: [[100, 200, .max], [300, -200, .max], [200]])
        #expect(try file.mono(at: 8000) == [200, 0, 21_844])
    }

    @Test func mixingDownConvertsTheRate() throws {
        let tone = ToneSource(frequency: 440, level: -12, sampleRate: 22_050).samples(milliseconds: 1000)
        let mono = try WAVFile(sampleRate: 22_050, channels: [tone, tone]).mono(at: 8000)
        #expect(mono.count == 8000)
        #expect(abs(ResamplerTests.level(of: 440, in: mono, rate: 8000) - -12) < 0.5)
    }

    @Test func mixingDownRefusesAnImpossibleRate() {
        let error = #expect(throws: AudioError.self) { try WAVFile(sampleRate: 3, channels: [[1]]).mono(at: 8000) }
        #expect(error?.code == .invalidRate)
    }

    @Test func fileOnDiskReadsAsItWasWritten() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).wav").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.stereo.write(path: path)
        #expect(try WAVFile.read(path: path) == Self.stereo)
    }

    @Test func missingFileIsNamedInTheError() {
        let error = #expect(throws: AudioError.self) { try WAVFile.read(path: "/nowhere/at/all.wav") }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message == "cannot read /nowhere/at/all.wav: the file does not exist")
    }

    @Test func folderIsNotTakenForAFile() {
        let error = #expect(throws: AudioError.self) { try WAVFile.read(path: FileManager.default.temporaryDirectory.path) }
        #expect(error?.message.hasSuffix("it is a folder") == true)
    }

    @Test func writingWhereNoFolderIsFails() {
        let error = #expect(throws: AudioError.self) { try Self.stereo.write(path: "/nowhere/at/all.wav") }
        #expect(error?.code == .unwritableFile)
        #expect(error?.message == "cannot write /nowhere/at/all.wav: the folder does not exist")
    }
}
