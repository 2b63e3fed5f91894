import Audio

extension FuzzTarget {
    /// Sound files: read or refused in one line, and never more samples than bytes.
    static let wav = FuzzTarget(
        name: "wav",
        seeds: [
            WAVFile(sampleRate: 8000, channels: [Array(0..<32)]).encoded(),
            WAVFile(sampleRate: 44_100, channels: [Array(0..<16), Array(16..<32)]).encoded(),
            header(tag: 7, channels: 3, bits: 8) + Array(0..<30), header(tag: 1, channels: 1, bits: 8) + Array(0..<30),
        ],
        alphabet: "RIFFWAVEfmt dataLIST\u{0}\u{1}\u{7F}"
    ) { bytes in
        do throws(AudioError) {
            let file = try WAVFile(parsing: bytes)
            let counts = Set(file.channels.map(\.count))
            guard (1...8).contains(file.channels.count), counts.count == 1, let count = counts.first else {
                throw AudioError(code: .malformedFile, message: "\n")
            }
            guard file.channels.count * count <= bytes.count, (try? WAVFile(parsing: file.encoded())) == file else {
                throw AudioError(code: .malformedFile, message: "\n")
            }
        } catch {
            let isOneLine = !error.message.isEmpty && !error.message.contains("\n")
            try BrokenPromise.unless(isOneLine, "the file reads as what it is not, or is refused without a reason")
        }
    }

    private static func header(tag: UInt8, channels: UInt8, bits: UInt8) -> [UInt8] {
        let frame = channels * (bits / 8)
        let format: [UInt8] = [tag, 0, channels, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, frame, 0, bits, 0]
        return Array("RIFF".utf8) + [66, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0] + format + Array("data".utf8) + [30, 0, 0, 0]
    }
}
