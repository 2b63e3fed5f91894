import Audio

/// Makes samples for the telephone of the bytes that a voice service sends: bare samples or WAV files.
///
/// Bytes are held until it is certain what they are, so that nothing else reaches the caller as noise.
final class SpeechDecoder {
    /// A body that is no speech.
    struct Unplayable: Error {
        /// What came, for example `MP3`.
        let name: String
        /// The beginning of it.
        let start: [UInt8]
    }

    private enum Form {
        /// Too few bytes have come to tell. Becomes `bare` or `wav`.
        case unknown
        /// Bare samples of this format and rate.
        case bare(SampleFormat, rate: Int)
        /// WAV files, whatever was asked for.
        case wav(WAVStream)
    }

    private let type: SoundType
    private let usualRate: Int
    private var form = Form.unknown
    /// Bytes that make no decision or no sample yet.
    private var waiting: [UInt8] = []
    private var resampler: Resampler?

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - type: what the answer's type says of it.
    ///   - rate: samples a second of bare samples whose rate the type does not tell, in Hz.
    init(type: SoundType, rate: Int) {
        self.type = type
        usualRate = rate
    }

    /// Takes the next bytes and gives the samples they complete, at 8,000 Hz and at the line's level.
    ///
    /// - Throws: ``Unplayable`` if this is no speech; ``AudioError`` if a WAV file or its rate cannot be read.
    func take(_ bytes: [UInt8]) throws -> [Int16] {
        try take(bytes, isLast: false)
    }

    /// The samples that are left when the body has ended.
    ///
    /// - Throws: as ``take(_:)``.
    func finish() throws -> [Int16] {
        var samples = try take([], isLast: true)
        if case .wav(var stream) = form {
            samples += try converted(stream.finish())
            form = .wav(stream)
        }
        return samples + flushed()
    }

    private func take(_ bytes: [UInt8], isLast: Bool) throws -> [Int16] {
        switch form {
        case .unknown:
            waiting += bytes
            guard let decided = SoundForm(waiting, type: type, isWhole: isLast) else { return [] }
            switch decided {
            case .foreign(let name): throw Unplayable(name: name, start: waiting)
            case .bare(let format, let rate): form = .bare(format, rate: rate ?? usualRate)
            case .wav: form = .wav(WAVStream())
            }
            let all = waiting
            waiting = []
            return try take(all, isLast: isLast)
        case .bare(let format, let rate):
            waiting += bytes
            let whole = waiting.count / format.frameSize * format.frameSize
            defer { waiting.removeFirst(whole) }
            return try resampled(format.mixed(waiting[..<whole]), from: rate)
        case .wav(var stream):
            let sounds = try stream.read(bytes)
            form = .wav(stream)
            return try converted(sounds)
        }
    }

    private func converted(_ sounds: [WAVStream.Sound]) throws(AudioError) -> [Int16] {
        var samples: [Int16] = []
        for sound in sounds { samples += try resampled(sound.samples, from: sound.sampleRate) }
        return samples
    }

    private func resampled(_ samples: [Int16], from rate: Int) throws(AudioError) -> [Int16] {
        guard !samples.isEmpty else { return [] }
        if let resampler, resampler.inputRate == rate { return resampler.process(samples).map(TelephoneLevel.limited) }
        let rest = flushed()
        let resampler = try Resampler(from: rate, to: 8_000)
        self.resampler = resampler
        return rest + resampler.process(samples).map(TelephoneLevel.limited)
    }

    /// The samples still inside the filter, which is put away.
    private func flushed() -> [Int16] {
        defer { resampler = nil }
        return (resampler?.finish() ?? []).map(TelephoneLevel.limited)
    }
}
