/// What the `fmt ` chunk of a WAV file says.
struct WAVFormat {
    /// The format tags of RIFF that matter here.
    enum Tag {
        /// Linear samples.
        static let pcm: UInt16 = 1
        /// Floating-point samples.
        static let float: UInt16 = 3
        /// G.711 A-law.
        static let aLaw: UInt16 = 6
        /// G.711 mu-law.
        static let muLaw: UInt16 = 7
        /// The true tag follows in a longer `fmt ` chunk.
        static let extensible: UInt16 = 0xFFFE
    }

    /// Samples a second, in Hz; never 0.
    let sampleRate: Int
    /// How the samples are stored.
    let samples: SampleFormat

    /// The last 14 bytes of every format GUID that is a format tag in disguise (KSDATAFORMAT_SUBTYPE).
    private static let guidTail: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// Reads the content of a `fmt ` chunk.
    ///
    /// - Throws: ``AudioError`` with `malformedFile` or `unsupportedFormat`.
    init(parsing content: ArraySlice<UInt8>) throws(AudioError) {
        guard content.count >= 16 else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its fmt chunk has \(content.count) bytes, not 16 or more")
        }
        let channelCount = Int(content.littleEndian16(at: 2))
        sampleRate = Int(content.littleEndian32(at: 4))
        let encoding = try Self.encoding(tag: Self.tag(of: content), bits: content.littleEndian16(at: 14))
        guard SampleFormat.supportedChannels.contains(channelCount) else {
            throw AudioError(code: .unsupportedFormat, message: "unsupported WAV file: it has \(channelCount) channels, not 1 to 8")
        }
        guard sampleRate > 0 else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its sample rate is 0 Hz")
        }
        samples = SampleFormat(encoding, channelCount: channelCount)
    }

    private static func tag(of content: ArraySlice<UInt8>) throws(AudioError) -> UInt16 {
        let tag = content.littleEndian16(at: 0)
        guard tag == Tag.extensible else { return tag }
        guard content.count >= 40, content.dropFirst(26).starts(with: guidTail) else {
            throw AudioError(code: .unsupportedFormat, message: "unsupported WAV file: its extensible format names no known encoding")
        }
        return content.littleEndian16(at: 24)
    }

    private static func encoding(tag: UInt16, bits: UInt16) throws(AudioError) -> SampleFormat.Encoding {
        switch (tag, bits) {
        case (Tag.pcm, 8): return .unsigned8
        case (Tag.pcm, 16), (Tag.pcm, 24), (Tag.pcm, 32): return .signed(bits: Int(bits))
        case (Tag.float, 32), (Tag.float, 64): return .float(bits: Int(bits))
        case (Tag.aLaw, _): return .aLaw
        case (Tag.muLaw, _): return .muLaw
        default:
            throw AudioError(
                code: .unsupportedFormat,
                message: "unsupported WAV file: format \(tag) with \(bits) bits; PCM of 8 to 32 bits, float, mu-law and A-law are read"
            )
        }
    }
}
