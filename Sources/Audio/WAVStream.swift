/// A WAV file that is read while it arrives, all channels mixed into one.
///
/// It reads what ``WAVFile`` reads, and is as lenient with the announced size: 0 and 0xFFFFFFFF mean "up to the end".
package struct WAVStream: Sendable {
    /// Bytes before the samples; a file with more of them is refused.
    private static let longestHeader = 65_536

    /// Samples a second, in Hz; nil until the format has arrived.
    package var sampleRate: Int? { format?.sampleRate }

    private var format: WAVFormat?
    /// Bytes of samples still to come; nil until they begin.
    private var left: Int?
    /// What has arrived and makes no whole chunk or frame yet.
    private var waiting: [UInt8] = []
    private var hasBegun = false

    /// Makes a stream of which nothing has arrived.
    package init() {}

    /// Takes the next bytes and gives the samples they complete.
    ///
    /// - Throws: ``AudioError`` with `malformedFile` or `unsupportedFormat`.
    package mutating func read(_ bytes: [UInt8]) throws(AudioError) -> [Int16] {
        waiting += bytes
        if left == nil { try readHeader() }
        guard let format, let left else { return [] }
        let count = min(waiting.count, left) / format.frameSize * format.frameSize
        let content = waiting[..<count]
        self.left = left - count
        defer { waiting.removeFirst(count) }
        return WAVFile(sampleRate: format.sampleRate, channels: format.channels(in: content)).mixed()
    }

    /// Reads chunks up to the head of `data`, as far as they have arrived.
    private mutating func readHeader() throws(AudioError) {
        if !hasBegun {
            guard waiting.count >= 12 else { return }
            guard waiting.starts(with: "RIFF".utf8), waiting[8..<12].elementsEqual("WAVE".utf8) else {
                throw AudioError(code: .malformedFile, message: "not a WAV file: it does not begin with RIFF and WAVE")
            }
            hasBegun = true
            waiting.removeFirst(12)
        }
        while left == nil, waiting.count >= 8, try readChunk() {}
    }

    /// Reads one chunk; false where it has not arrived whole.
    private mutating func readChunk() throws(AudioError) -> Bool {
        let size = waiting[...].littleEndian32(at: 4)
        let name = String(decoding: waiting[..<4], as: UTF8.self)
        if name == "data" {
            guard format != nil else {
                throw AudioError(code: .malformedFile, message: "malformed WAV file: the data comes before its format (fmt chunk)")
            }
            left = size == 0 || size == .max ? .max : Int(size)
            waiting.removeFirst(8)
            return true
        }
        let end = 8 + Int(size) + Int(size & 1)
        guard end <= Self.longestHeader else {
            throw AudioError(code: .malformedFile, message: "malformed WAV file: its chunk \(name.debugDescription) has \(size) bytes")
        }
        guard waiting.count >= end else { return false }
        if name == "fmt " { format = try WAVFormat(parsing: waiting[8..<8 + Int(size)]) }
        waiting.removeFirst(end)
        return true
    }
}
