import Audio

/// Makes samples for the telephone of the bytes that a voice service sends: bare 16-bit samples, lowest byte first, or a WAV file.
final class SpeechDecoder {
    private enum Form {
        /// Fewer bytes than tell the two apart have come.
        case unknown
        /// Bare samples.
        case bare
        /// A WAV file, whatever was asked for.
        case wav(WAVStream)
    }

    private let bareRate: Int
    private var form = Form.unknown
    /// Bytes that make no decision or no sample yet.
    private var waiting: [UInt8] = []
    private var resampler: Resampler?

    /// Makes a decoder for samples of `rate` Hz, unless a WAV file says otherwise.
    init(rate: Int) { bareRate = rate }

    /// Takes the next bytes and gives the samples they complete, at 8,000 Hz and at the line's level.
    ///
    /// - Throws: ``AudioError`` where the WAV file or its rate cannot be read.
    func take(_ bytes: [UInt8]) throws(AudioError) -> [Int16] {
        switch form {
        case .unknown:
            let all = waiting + bytes
            waiting = []
            if all.count < 4 {
                waiting = all
                return []
            }
            form = all.starts(with: "RIFF".utf8) ? .wav(WAVStream()) : .bare
            return try take(all)
        case .bare:
            return try resampled(samples(waiting + bytes), from: bareRate)
        case .wav(var stream):
            let samples = try stream.read(bytes)
            form = .wav(stream)
            return try resampled(samples, from: stream.sampleRate ?? bareRate)
        }
    }

    /// The samples still inside the filter.
    func finish() -> [Int16] {
        (resampler?.finish() ?? []).map(TelephoneLevel.limited)
    }

    /// Whole samples; an odd byte waits for its other half.
    private func samples(_ bytes: [UInt8]) -> [Int16] {
        waiting = bytes.count.isMultiple(of: 2) ? [] : Array(bytes.suffix(1))
        return (0..<bytes.count / 2).map { Int16(bitPattern: UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8) }
    }

    private func resampled(_ samples: [Int16], from rate: Int) throws(AudioError) -> [Int16] {
        guard !samples.isEmpty else { return [] }
        return try resampler(from: rate).process(samples).map(TelephoneLevel.limited)
    }

    private func resampler(from rate: Int) throws(AudioError) -> Resampler {
        if let resampler { return resampler }
        let made = try Resampler(from: rate, to: 8_000)
        resampler = made
        return made
    }
}
