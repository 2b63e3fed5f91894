/// Builds WAV files by hand, right and wrong ones.
enum RIFF {
    /// An integer's bytes, lowest first.
    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    /// A chunk, padded to an even size; `announcing` puts another size in its header.
    static func chunk(_ name: String, _ content: [UInt8], announcing size: UInt32? = nil) -> [UInt8] {
        Array(name.utf8) + bytes(size ?? UInt32(content.count)) + content + [UInt8](repeating: 0, count: content.count % 2)
    }

    /// A whole file of chunks.
    static func file(_ chunks: [[UInt8]]) -> [UInt8] {
        let content = Array(chunks.joined())
        return Array("RIFF".utf8) + bytes(UInt32(content.count + 4)) + Array("WAVE".utf8) + content
    }

    /// A file of a format and samples.
    static func wave(_ format: [UInt8], data: [UInt8], announcing size: UInt32? = nil) -> [UInt8] {
        file([chunk("fmt ", format), chunk("data", data, announcing: size)])
    }

    /// The content of a plain `fmt ` chunk.
    static func format(tag: UInt16, channels: UInt16 = 1, rate: UInt32 = 8000, bits: UInt16) -> [UInt8] {
        let frame = channels &* (bits / 8)
        return bytes(tag) + bytes(channels) + bytes(rate) + bytes(rate &* UInt32(frame)) + bytes(frame) + bytes(bits)
    }

    /// The content of a WAVE_FORMAT_EXTENSIBLE `fmt ` chunk.
    static func extensibleFormat(tag: UInt16, channels: UInt16, bits: UInt16) -> [UInt8] {
        format(tag: 0xFFFE, channels: channels, bits: bits) + bytes(UInt16(22)) + bytes(bits) + bytes(UInt32(3)) + bytes(tag)
            + [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    }
}
