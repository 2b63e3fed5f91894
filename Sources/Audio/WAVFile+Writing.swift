extension WAVFile {
    /// The content as a 16-bit PCM WAV file.
    ///
    /// Shorter channels are padded with silence. A file without channels is written as an empty mono one. A size beyond the format's 4 GiB is
    /// written as 0xFFFFFFFF, which readers take for "up to the end".
    package func encoded() -> [UInt8] {
        let channels = channels.isEmpty ? [[]] : channels
        let frames = channels.map(\.count).max() ?? 0
        let dataSize = frames * channels.count * 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + dataSize)
        Self.appendHeader(to: &bytes, rate: UInt32(clamping: sampleRate), channels: UInt16(clamping: channels.count), dataSize: dataSize)
        for frame in 0..<frames {
            for channel in channels {
                Self.append(frame < channel.count ? channel[frame] : 0, to: &bytes)
            }
        }
        return bytes
    }

    private static func appendHeader(to bytes: inout [UInt8], rate: UInt32, channels: UInt16, dataSize: Int) {
        let frameSize = channels &* 2
        bytes += "RIFF".utf8
        append(UInt32(clamping: 36 + dataSize), to: &bytes)
        bytes += "WAVEfmt ".utf8
        append(UInt32(16), to: &bytes)
        append(WAVFormat.Tag.pcm, to: &bytes)
        append(channels, to: &bytes)
        append(rate, to: &bytes)
        append(UInt32(clamping: Int(rate) * Int(frameSize)), to: &bytes)
        append(frameSize, to: &bytes)
        append(UInt16(16), to: &bytes)
        bytes += "data".utf8
        append(UInt32(clamping: dataSize), to: &bytes)
    }

    /// Appends an integer with its lowest byte first, as everything in RIFF is.
    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
