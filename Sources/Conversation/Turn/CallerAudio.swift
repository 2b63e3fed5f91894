import Audio

/// What the caller has said lately, laid out on the media clock.
///
/// Twilio's timestamps (ms since the stream began) place each frame. Small deviations are jitter of the stamps and are
/// ignored; a hole is lost audio and is filled with silence, so that a place in the buffer is a place in time; repeats
/// and frames from the past are dropped. A sender whose clock goes back, stands still or leaps is not followed into
/// deafness: its frames are then taken one after the other.
package struct CallerAudio: Sendable {
    /// Samples a millisecond.
    static let samplesPerMs = 8
    /// Deviations of a stamp up to this many ms are taken for jitter.
    static let jitterMs = 60
    /// A longer hole moves the clock instead of being filled whole, so that a wild stamp cannot eat memory.
    static let longestFillMs = 2000
    /// A stamp further ahead than this, in ms, is not believed: no call lasts a day.
    static let longestJumpMs = 86_400_000
    /// A first stamp beyond this, in ms, is not believed; later sums stay far from overflowing.
    static let latestStampMs = 1 << 52
    /// This many frames in a row from the past mean that the sender's clock is no longer the one it was.
    static let mostPastFrames = 10
    /// Memory is moved once this much can go, in ms.
    private static let forgetStepMs = 2000

    private let capacityMs: Int
    private var recent = Stretch()
    /// What came before the last hole too long to fill; an utterance that the hole ended is still to be sliced.
    private var earlier = Stretch()
    /// What makes a stamp a place on the media clock; nil until a stamp has come.
    private var offsetMs: Int?
    private var lastStampMs: Int?
    private var pastFrames = 0

    /// Makes a buffer that keeps at least the last `capacityMs`.
    package init(capacityMs: Int = 40_000) {
        self.capacityMs = capacityMs
    }

    /// Media time just after the last sample, in ms.
    package var endMs: Int { recent.endMs }

    /// How much is kept, in ms.
    package var keptMs: Int { (recent.samples.count + earlier.samples.count) / Self.samplesPerMs }

    /// Adds a frame and returns the samples that are new on the media clock: silence for a hole, then the frame.
    package mutating func append(_ payload: [UInt8], timestampMs: Int?) -> [Int16] {
        guard let holeMs = hole(before: payload, timestampMs: timestampMs) else { return [] }
        var new = [Int16](repeating: 0, count: min(holeMs, Self.longestFillMs) * Self.samplesPerMs)
        if holeMs > Self.longestFillMs { skip(holeMs - Self.longestFillMs) }
        MuLaw.decode(payload, into: &new)
        recent.samples += new
        // Twice the capacity is held before trimming, so that moving memory is rare.
        if recent.lengthMs > 2 * capacityMs { recent.drop(beforeMs: endMs - capacityMs) }
        return new
    }

    /// Puts other samples in the place of the newest ones, of which there must be as many.
    mutating func replaceNewest(with samples: [Int16]) {
        guard samples.count <= recent.samples.count else { return }
        recent.samples.replaceSubrange((recent.samples.count - samples.count)..., with: samples)
    }

    /// The samples between two places on the media clock, as far as they are kept.
    package func slice(fromMs: Int, toMs: Int) -> [Int16] {
        earlier.slice(fromMs: fromMs, toMs: toMs) + recent.slice(fromMs: fromMs, toMs: toMs)
    }

    /// Lets go of what lies before `placeMs`, at its leisure.
    package mutating func forget(beforeMs placeMs: Int) {
        if earlier.endMs <= placeMs { earlier = Stretch() }
        if placeMs - recent.startMs >= Self.forgetStepMs { recent.drop(beforeMs: placeMs) }
    }

    /// How much silence belongs before a frame, in ms; nil for a frame that is to be dropped.
    private mutating func hole(before payload: [UInt8], timestampMs: Int?) -> Int? {
        guard let stamp = timestampMs, (0..<Self.latestStampMs).contains(stamp) else { return 0 }
        defer { lastStampMs = stamp }
        guard let offsetMs else {
            if recent.samples.isEmpty { recent.startMs = stamp }
            self.offsetMs = endMs - stamp
            return 0
        }
        let drift = stamp + offsetMs - endMs
        guard stamp == lastStampMs || (drift < -Self.jitterMs && drift + payload.count / Self.samplesPerMs <= 0) else {
            if stamp > lastStampMs ?? -1 { pastFrames = 0 }
            return (Self.jitterMs + 1...Self.longestJumpMs).contains(drift) ? drift : 0
        }
        pastFrames += 1
        guard pastFrames >= Self.mostPastFrames else { return nil }
        self.offsetMs = endMs - stamp
        return 0
    }

    /// Moves the clock on over a hole too long to fill: what was kept before it is no longer adjacent.
    private mutating func skip(_ ms: Int) {
        recent.drop(beforeMs: endMs - capacityMs)
        earlier = recent
        recent = Stretch(startMs: earlier.endMs + ms)
    }
}

extension CallerAudio {
    /// Samples that follow each other without a hole.
    private struct Stretch: Sendable {
        /// Media time of the first sample.
        var startMs = 0
        var samples: [Int16] = []

        var lengthMs: Int { samples.count / samplesPerMs }
        var endMs: Int { startMs + lengthMs }

        func slice(fromMs: Int, toMs: Int) -> [Int16] {
            let lower = max(0, fromMs - startMs) * samplesPerMs
            let upper = min(samples.count, max(0, min(toMs, endMs + 1) - startMs) * samplesPerMs)
            return lower < upper ? Array(samples[lower..<upper]) : []
        }

        /// Whole milliseconds go, so that places stay exact; the memory goes with them.
        mutating func drop(beforeMs placeMs: Int) {
            let surplusMs = min(placeMs - startMs, lengthMs)
            guard surplusMs > 0 else { return }
            samples = Array(samples[(surplusMs * samplesPerMs)...])
            startMs += surplusMs
        }
    }
}
