/// What the `fmt ` chunk of a WAV file says.
struct WAVFormat {
    /// The format tags of RIFF that matter here.
    enum Tag {
        /// Linear samples.
        static let pcm: UInt16 = 1
        /// G.711 mu-law.
        static let muLaw: UInt16 = 7
        /// The true tag follows in a longer `fmt ` chunk.
        static let extensible: UInt16 = 0xFFFE
    }

    /// How one sample is stored.
    private enum Sample { case unsigned8, signed16, muLaw }

    /// Samples a second, in Hz; never 0.
    let sampleRate: Int

    private let sample: Sample
    private let channelCount: Int

    /// Bytes of one sample in every channel.
    var frameSize: Int { channelCount * (sample == .signed16 ? 2 : 1) }

    /// The last 14 bytes of every format GUID that is a format tag in disguise (KSDATAFORMAT_SUBTYPE).
    private static let guidTail: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// Reads the content of a `fmt ` chunk.
    ///
    /// - Throws: ``AudioError`` with `malformedFile` or `unsupportedFormat`.
    init(parsing content: ArraySlice<UInt8>) throws(AudioError) {
        guard content.count >= 16 else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its fmt chunk has \(content.count) bytes, not 16 or more")
        }
        channelCount = Int(content.littleEndian16(at: 2))
        sampleRate = Int(content.littleEndian32(at: 4))
        sample = try Self.sample(tag: Self.tag(of: content), bits: content.littleEndian16(at: 14))
        guard (1...8).contains(channelCount) else {
            throw AudioError(code: .unsupportedFormat, message: "unsupported WAV file: it has \(channelCount) channels, not 1 to 8")
        }
        guard sampleRate > 0 else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its sample rate is 0 Hz")
        }
    }

    private static func tag(of content: ArraySlice<UInt8>) throws(AudioError) -> UInt16 {
        let tag = content.littleEndian16(at: 0)
        guard tag == Tag.extensible else { return tag }
        guard content.count >= 40, content.dropFirst(26).starts(with: guidTail) else {
            throw AudioError(code: .unsupportedFormat, message: "unsupported WAV file: its extensible format names no known encoding")
        }
        return content.littleEndian16(at: 24)
    }

    private static func sample(tag: UInt16, bits: UInt16) throws(AudioError) -> Sample {
        switch (tag, bits) {
        case (Tag.pcm, 8): return .unsigned8
        case (Tag.pcm, 16): return .signed16
        case (Tag.muLaw, _): return .muLaw
        default:
            throw AudioError(
                code: .unsupportedFormat,
                message: "unsupported WAV file: format \(tag) with \(bits) bits, where only PCM of 8 or 16 bits and mu-law are read"
            )
        }
    }

    /// The samples of each channel; a frame that was cut off is left out.
    func channels(in content: ArraySlice<UInt8>) -> [[Int16]] {
        let samples = samples(in: content.prefix(content.count / frameSize * frameSize))
        guard channelCount > 1 else { return [samples] }
        return (0..<channelCount).map { channel in
            stride(from: channel, to: samples.count, by: channelCount).map { samples[$0] }
        }
    }

    private func samples(in content: ArraySlice<UInt8>) -> [Int16] {
        switch sample {
        case .unsigned8: content.map { (Int16($0) - 128) << 8 }
        case .signed16: (0..<content.count / 2).map { Int16(bitPattern: content.littleEndian16(at: $0 * 2)) }
        case .muLaw: MuLaw.decode(content)
        }
    }
}
