/// How samples are stored in bytes, whether or not they are in a file.
package struct SampleFormat: Sendable, Equatable {
    /// How one sample is stored.
    package enum Encoding: Sendable, Equatable {
        /// Linear, 8 bits, with 128 for silence.
        case unsigned8
        /// Linear with a sign, of 16, 24 or 32 bits.
        case signed(bits: Int, isBigEndian: Bool = false)
        /// IEEE floating point from -1 to 1, of 32 or 64 bits, lowest byte first.
        case float(bits: Int)
        /// G.711 mu-law.
        case muLaw
        /// G.711 A-law.
        case aLaw

        /// Bytes of one sample.
        var size: Int {
            switch self {
            case .unsigned8, .muLaw, .aLaw: 1
            case .signed(let bits, _), .float(let bits): bits / 8
            }
        }
    }

    /// The numbers of channels that can be read.
    package static let supportedChannels = 1...8

    /// How one sample is stored.
    package var encoding: Encoding
    /// Samples that belong to one moment.
    package var channelCount: Int

    /// Makes a format; 16-bit samples of one channel, lowest byte first, unless told otherwise.
    package init(_ encoding: Encoding = .signed(bits: 16), channelCount: Int = 1) {
        self.encoding = encoding
        self.channelCount = channelCount
    }

    /// Bytes of one sample in every channel.
    package var frameSize: Int { channelCount * encoding.size }

    /// The samples of whole frames, all channels mixed into one, evenly; a frame that was cut off is left out.
    package func mixed(_ content: ArraySlice<UInt8>) -> [Int16] {
        let samples = samples(in: content)
        guard channelCount > 1 else { return samples }
        return stride(from: 0, to: samples.count, by: channelCount).map { start in
            let sum = samples[start..<start + channelCount].reduce(0) { $0 + Int($1) }
            return Int16(clamping: sum / channelCount)
        }
    }

    /// The samples of each channel; a frame that was cut off is left out.
    func channels(in content: ArraySlice<UInt8>) -> [[Int16]] {
        let samples = samples(in: content)
        guard channelCount > 1 else { return [samples] }
        return (0..<channelCount).map { channel in
            stride(from: channel, to: samples.count, by: channelCount).map { samples[$0] }
        }
    }

    /// The samples of whole frames, channel by channel within each frame.
    private func samples(in content: ArraySlice<UInt8>) -> [Int16] {
        let content = content.prefix(content.count / frameSize * frameSize)
        let starts = stride(from: 0, to: content.count, by: encoding.size)
        switch encoding {
        case .unsigned8: return content.map { (Int16($0) - 128) << 8 }
        case .muLaw: return MuLaw.decode(content)
        case .aLaw: return ALaw.decode(content)
        case .signed(let bits, let isBigEndian):
            // The two highest bytes are what 16 bits can hold.
            let (high, low) = isBigEndian ? (0, 1) : (bits / 8 - 1, bits / 8 - 2)
            let first = content.startIndex
            return starts.map { Int16(bitPattern: UInt16(content[first + $0 + high]) << 8 | UInt16(content[first + $0 + low])) }
        case .float(64):
            return starts.map { Self.sample(Double(bitPattern: content.littleEndian64(at: $0))) }
        case .float:
            return starts.map { Self.sample(Double(Float(bitPattern: content.littleEndian32(at: $0)))) }
        }
    }

    /// Makes a sample of a number from -1 to 1; NaN becomes silence.
    private static func sample(_ value: Double) -> Int16 {
        value.isNaN ? 0 : Int16((min(max(value, -1), 1) * 32_767).rounded())
    }
}
