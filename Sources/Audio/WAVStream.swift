/// WAV files that are read while they arrive, one after the other, all channels mixed into one.
///
/// It reads what ``WAVFile`` reads, and is as lenient with the announced size: 0 and 0xFFFFFFFF mean "up to the end", which is the head of the
/// next file if one follows. Chunks and padding behind the samples are skipped.
package struct WAVStream: Sendable {
    /// Samples of one file.
    package struct Sound: Sendable, Equatable {
        /// Mono 16-bit samples.
        package var samples: [Int16]
        /// Samples a second, in Hz.
        package var sampleRate: Int

        /// Makes a sound.
        package init(samples: [Int16], sampleRate: Int) {
            self.samples = samples
            self.sampleRate = sampleRate
        }
    }

    /// Bytes before the samples; a file with more of them is refused.
    private static let maximumHeader = 65_536
    /// Bytes that tell the head of a file: RIFF, a size, WAVE.
    private static let headSize = 12
    /// Chunks that may follow samples whose announced size is 0 because there are none.
    private static let trailingChunks = ["LIST", "id3 ", "ID3 ", "fact", "cue ", "JUNK", "PAD ", "bext", "smpl", "_PMX", "axml"]

    private enum Part {
        /// The head of a file is next. Becomes `chunks`.
        case head
        /// Chunks before the samples arrive. Becomes `samples` or `unsized`.
        case chunks(WAVFormat?, longSize: Int?)
        /// Samples begin whose size is announced as 0. Becomes `samples` or `between`.
        case unsized(WAVFormat)
        /// Samples arrive; `left` are the bytes still to come, nil if their number is unknown. Becomes `between` or `head`.
        case samples(WAVFormat, left: Int?)
        /// What follows the samples is skipped up to the head of another file. Becomes `head`.
        case between
    }

    private var part = Part.head
    /// What has arrived and makes no whole chunk or frame yet.
    private var waiting: [UInt8] = []

    /// Makes a stream of which nothing has arrived.
    package init() {}

    /// Takes the next bytes and gives the samples they complete.
    ///
    /// - Throws: ``AudioError`` with `malformedFile` or `unsupportedFormat`.
    package mutating func read(_ bytes: [UInt8]) throws(AudioError) -> [Sound] {
        waiting += bytes
        return try drain(isLast: false)
    }

    /// The samples that were held back because they could have been the head of another file.
    package mutating func finish() throws(AudioError) -> [Sound] {
        try drain(isLast: true)
    }

    private mutating func drain(isLast: Bool) throws(AudioError) -> [Sound] {
        var sounds: [Sound] = []
        while try advance(&sounds, isLast: isLast) {}
        return sounds
    }

    /// Takes one step; false if more bytes are needed.
    private mutating func advance(_ sounds: inout [Sound], isLast: Bool) throws(AudioError) -> Bool {
        switch part {
        case .head: return try readHead()
        case .chunks(let format, let longSize): return try readChunk(format, longSize: longSize)
        case .unsized(let format):
            guard waiting.count >= 8 || isLast else { return false }
            let isChunk = waiting.count >= 8 && Self.trailingChunks.contains(name)
            part = isChunk ? .between : .samples(format, left: nil)
            return true
        case .samples(let format, let left): return readSamples(format, left: left, &sounds, isLast: isLast)
        case .between:
            guard let next = nextHead(before: waiting.count) else {
                waiting.removeFirst(max(0, waiting.count - Self.headSize + 1))
                return false
            }
            waiting.removeFirst(next)
            part = .head
            return true
        }
    }

    private mutating func readHead() throws(AudioError) -> Bool {
        guard waiting.count >= Self.headSize else { return false }
        guard Self.isHead(waiting[...]) else {
            throw AudioError(code: .malformedFile, message: "not a WAV file: it does not begin with RIFF and WAVE")
        }
        waiting.removeFirst(Self.headSize)
        part = .chunks(nil, longSize: nil)
        return true
    }

    /// Reads one chunk; false if it has not arrived whole.
    private mutating func readChunk(_ format: WAVFormat?, longSize: Int?) throws(AudioError) -> Bool {
        guard waiting.count >= 8 else { return false }
        let size = waiting[...].littleEndian32(at: 4)
        if name == "data" {
            guard let format else {
                throw AudioError(code: .malformedFile, message: "malformed WAV file: the data comes before its format (fmt chunk)")
            }
            waiting.removeFirst(8)
            part = size == 0 ? .unsized(format) : .samples(format, left: size == .max ? longSize : Int(size))
            return true
        }
        let end = 8 + Int(size) + Int(size & 1)
        guard end <= Self.maximumHeader else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its chunk \(name.debugDescription) has \(size) bytes")
        }
        guard waiting.count >= end else { return false }
        let content = waiting[8..<8 + Int(size)]
        switch name {
        case "fmt ": part = .chunks(try WAVFormat(parsing: content), longSize: longSize)
        case "ds64": part = .chunks(format, longSize: RIFFChunks.longSize(in: content))
        default: break
        }
        waiting.removeFirst(end)
        return true
    }

    private mutating func readSamples(_ format: WAVFormat, left: Int?, _ sounds: inout [Sound], isLast: Bool) -> Bool {
        let limit = min(waiting.count, left ?? .max)
        let next = nextHead(before: limit)
        let isEnd = limit == left
        // The last bytes may be the beginning of another file's head.
        let certain = next ?? (isEnd || isLast ? limit : max(0, limit - Self.headSize + 1))
        let frames = certain / format.samples.frameSize * format.samples.frameSize
        if frames > 0 {
            let samples = format.samples.mixed(waiting[..<frames])
            sounds.append(Sound(samples: samples, sampleRate: format.sampleRate))
        }
        let isOver = next != nil || isEnd
        let taken = isOver ? certain : frames
        waiting.removeFirst(taken)
        part = isOver ? (next == nil ? .between : .head) : .samples(format, left: left.map { $0 - taken })
        return isOver
    }

    /// The name of the chunk that is next.
    private var name: String { String(decoding: waiting.prefix(4), as: UTF8.self) }

    /// Where the head of a file begins, within the first `limit` bytes.
    private func nextHead(before limit: Int) -> Int? {
        let last = min(limit - 1, waiting.count - Self.headSize)
        guard last >= 0 else { return nil }
        return (0...last).first { waiting[$0] == UInt8(ascii: "R") && Self.isHead(waiting[$0...]) }
    }

    /// Whether bytes begin with the head of a WAV file.
    private static func isHead(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.dropFirst(8).starts(with: "WAVE".utf8) && (bytes.starts(with: "RIFF".utf8) || bytes.starts(with: "RF64".utf8))
    }
}
