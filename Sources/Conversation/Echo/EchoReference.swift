import Audio

/// What was sent to the caller, laid out on the caller's media clock by when it should begin to be heard.
///
/// Places are samples at 8 kHz since the caller's stream began. The newest two seconds are kept; memory is taken with the first audio.
struct EchoReference: Sendable {
    /// Samples a millisecond.
    static let samplesPerMs = 8
    /// Audio cleared this shortly before it was due, in ms, may have been played all the same: the clear takes its time to get there.
    static let playedAnywayMs = 160
    /// Samples up to this magnitude (-50 dBFS) make no echo that anybody would take for speech.
    private static let inaudible: UInt16 = 100
    /// Samples kept; a power of two.
    private static let capacity = 1 << 14

    private var ring: [Int16] = []
    /// Where what is sent next follows.
    private var endsAt = 0
    /// Nothing was written from here on.
    private var writtenTo = 0
    /// Where the newest audible audio ends; nil while there has been none.
    private(set) var audibleTo: Int?

    /// Adds mu-law audio sent when the media clock stood at `mediaMs`; it follows what was sent before.
    mutating func append(_ payload: [UInt8], mediaMs: Int) {
        if ring.isEmpty { ring = [Int16](repeating: 0, count: Self.capacity) }
        let samples = MuLaw.decode(payload)
        let start = max(endsAt, mediaMs * Self.samplesPerMs)
        silence(from: writtenTo, to: start)
        for (index, sample) in samples.enumerated() { ring[(start + index) & (Self.capacity - 1)] = sample }
        endsAt = start + samples.count
        writtenTo = max(writtenTo, endsAt)
        if samples.contains(where: { $0.magnitude > Self.inaudible }) { audibleTo = endsAt }
    }

    /// Drops what was not played by `mediaMs`, but for the little that may be on its way.
    mutating func clear(mediaMs: Int) {
        let place = mediaMs * Self.samplesPerMs
        guard endsAt > place else { return }
        let keptTo = place + Self.playedAnywayMs * Self.samplesPerMs
        silence(from: keptTo, to: writtenTo)
        endsAt = place
        audibleTo = audibleTo.map { min($0, keptTo) }
    }

    /// The samples from a place on; silence where there was none or it is no longer kept.
    func samples(from start: Int, count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { output, written in
            output.initialize(repeating: 0)
            written = count
            ring.withUnsafeBufferPointer { ring in
                let first = max(start, writtenTo - ring.count)
                for place in first..<max(first, min(start + count, writtenTo)) { output[place - start] = Float(ring[place & (Self.capacity - 1)]) }
            }
        }
    }

    /// Makes silence between two places; nothing where the second is not beyond the first.
    private mutating func silence(from start: Int, to end: Int) {
        for place in max(start, end - Self.capacity)..<max(start, end) { ring[place & (Self.capacity - 1)] = 0 }
    }
}
