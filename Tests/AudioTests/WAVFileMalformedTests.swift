import Audio
import TestSupport
import Testing

@Suite struct WAVFileMalformedTests {
    /// A file that must be refused, and what the message must say.
    struct Refused: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var code: AudioError.Code
        var says: String
    }

    static let good = RIFF.format(tag: 1, bits: 16)

    static let refused = [
        Refused(testDescription: "nothing", bytes: [], code: .malformedFile, says: "RIFF"),
        Refused(testDescription: "text", bytes: Array("hello, this is not audio".utf8), code: .malformedFile, says: "RIFF"),
        Refused(testDescription: "RIFF alone", bytes: Array("RIFF".utf8), code: .malformedFile, says: "RIFF"),
        Refused(testDescription: "RIFF of a film", bytes: Array("RIFF\0\0\0\0AVI LIST".utf8), code: .malformedFile, says: "WAVE"),
        Refused(testDescription: "no chunks", bytes: RIFF.file([]), code: .malformedFile, says: "fmt"),
        Refused(testDescription: "no data", bytes: RIFF.file([RIFF.chunk("fmt ", good)]), code: .malformedFile, says: "data"),
        Refused(
            testDescription: "data first",
            bytes: RIFF.file([RIFF.chunk("data", [1, 2]), RIFF.chunk("fmt ", good)]),
            code: .malformedFile,
            says: "before"
        ),
        Refused(testDescription: "short fmt", bytes: RIFF.wave(Array(good.dropLast(2)), data: [1, 2]), code: .malformedFile, says: "14 bytes"),
        Refused(
            testDescription: "no channels",
            bytes: RIFF.wave(RIFF.format(tag: 1, channels: 0, bits: 16), data: [1]),
            code: .unsupportedFormat,
            says: "0 channels"
        ),
        Refused(
            testDescription: "9 channels",
            bytes: RIFF.wave(RIFF.format(tag: 1, channels: 9, bits: 16), data: [1]),
            code: .unsupportedFormat,
            says: "9 channels"
        ),
        Refused(testDescription: "0 Hz", bytes: RIFF.wave(RIFF.format(tag: 1, rate: 0, bits: 16), data: [1]), code: .malformedFile, says: "0 Hz"),
        Refused(testDescription: "12 bits", bytes: RIFF.wave(RIFF.format(tag: 1, bits: 12), data: [1]), code: .unsupportedFormat, says: "12 bits"),
        Refused(
            testDescription: "ADPCM",
            bytes: RIFF.wave(RIFF.format(tag: 2, bits: 4), data: [1]),
            code: .unsupportedFormat,
            says: "format 2"
        ),
        Refused(
            testDescription: "extensible without its extension",
            bytes: RIFF.wave(RIFF.format(tag: 0xFFFE, bits: 16), data: [1]),
            code: .unsupportedFormat,
            says: "extensible"
        ),
    ]

    @Test(arguments: refused) func fileIsRefusedWithAReason(file: Refused) {
        let error = #expect(throws: AudioError.self) { try WAVFile(parsing: file.bytes) }
        #expect(error?.code == file.code)
        #expect(error?.message.contains(file.says) == true, "\(error?.message ?? "no error")")
    }

    @Test(arguments: 0..<8) func mutatedFilesAreReadOrRefusedInOneLine(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            var bytes = Self.seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&bytes, using: &random) }
            Self.checkReadOrRefused(bytes)
        }
    }

    @Test func everyPrefixOfAFileIsReadOrRefused() {
        for seed in Self.seeds {
            for count in 0...seed.count { Self.checkReadOrRefused(Array(seed.prefix(count))) }
        }
    }

    private static func checkReadOrRefused(_ bytes: [UInt8]) {
        do {
            let file = try WAVFile(parsing: bytes)
            #expect((1...8).contains(file.channels.count))
            #expect(Set(file.channels.map(\.count)).count == 1)
            #expect(file.channels.count * (file.channels.first?.count ?? 0) <= bytes.count)
        } catch {
            #expect(!error.message.isEmpty && !error.message.contains("\n"))
        }
    }

    private static let seeds: [[UInt8]] = [
        WAVFileTests.stereo.encoded(),
        RIFF.wave(RIFF.format(tag: 7, channels: 3, bits: 8), data: Array(0...100)),
        RIFF.wave(RIFF.extensibleFormat(tag: 1, channels: 2, bits: 8), data: Array(0...63), announcing: 0),
        RIFF.file([
            RIFF.chunk("LIST", [1, 2, 3]), RIFF.chunk("fmt ", good), RIFF.chunk("odd ", [1]), RIFF.chunk("data", [1, 2]), RIFF.chunk("LIST", []),
        ]),
    ]

    /// Does to a file what bad software does: wrong bytes, wrong sizes, cuts, repeats, swaps.
    private static func mutate(_ bytes: inout [UInt8], using random: inout SeededRandom) {
        guard bytes.count >= 8 else { return bytes.append(UInt8.random(in: 0...255, using: &random)) }
        let place = Int.random(in: 0..<bytes.count - 4, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2:
            let size: UInt32 = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, UInt32(bytes.count)].randomElement(using: &random) ?? 0
            bytes.replaceSubrange(place..<place + 4, with: RIFF.bytes(size))
        case 3: bytes.removeSubrange(place..<place + Int.random(in: 1...4, using: &random))
        case 4: bytes.insert(contentsOf: bytes[place..<place + 4], at: Int.random(in: 0..<bytes.count, using: &random))
        default: bytes.removeLast(Int.random(in: 1...bytes.count / 2, using: &random))
        }
    }
}
