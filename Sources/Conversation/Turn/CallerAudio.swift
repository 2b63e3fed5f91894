import Audio

/// What the caller has said lately, laid out on the media clock.
///
/// Twilio's timestamps (ms since the stream began) place each frame. Small deviations are jitter of the stamps and are
/// ignored; a hole is lost audio and is filled with silence, so that a place in the buffer is a place in time; frames
/// from the past are dropped.
package struct CallerAudio: Sendable {
    /// Samples a millisecond.
    static let samplesPerMs = 8
    /// Deviations of a stamp up to this many ms are taken for jitter.
    static let jitterMs = 60
    /// A longer hole moves the clock instead of being filled whole, so that a wild stamp cannot eat memory.
    static let longestFillMs = 2000

    private let capacityMs: Int
    private var samples: [Int16] = []
    /// Media time of the first sample kept.
    private var startMs = 0
    private var isAnchored = false

    /// Makes a buffer that keeps at least the last `capacityMs`.
    package init(capacityMs: Int = 40_000) {
        self.capacityMs = capacityMs
    }

    /// Media time just after the last sample, in ms.
    package var endMs: Int { startMs + samples.count / Self.samplesPerMs }

    /// Adds a frame and returns the samples that are new on the media clock: silence for a hole, then the frame.
    package mutating func append(_ payload: [UInt8], timestampMs: Int?) -> [Int16] {
        var new: [Int16] = []
        if let timestampMs, timestampMs >= 0 {
            if !isAnchored {
                startMs = timestampMs
            }
            let drift = timestampMs - endMs
            if drift < -Self.jitterMs, timestampMs + payload.count / Self.samplesPerMs <= endMs {
                return []
            }
            if drift > Self.jitterMs {
                let fill = min(drift, Self.longestFillMs)
                new = [Int16](repeating: 0, count: fill * Self.samplesPerMs)
                if fill < drift { skip(drift - fill) }
            }
        }
        isAnchored = true
        MuLaw.decode(payload, into: &new)
        samples += new
        trim()
        return new
    }

    /// The samples between two places on the media clock, as far as they are kept.
    package func slice(fromMs: Int, toMs: Int) -> [Int16] {
        let lower = max(0, (fromMs - startMs) * Self.samplesPerMs)
        let upper = min(samples.count, (toMs - startMs) * Self.samplesPerMs)
        return lower < upper ? Array(samples[lower..<upper]) : []
    }

    /// Moves the clock on over a hole too long to fill: what was kept before it is no longer adjacent, so it goes.
    private mutating func skip(_ ms: Int) {
        startMs = endMs + ms
        samples.removeAll(keepingCapacity: true)
    }

    private mutating func trim() {
        // Twice the capacity is held before trimming, so that moving memory is rare.
        guard samples.count > 2 * capacityMs * Self.samplesPerMs else { return }
        let surplus = samples.count - capacityMs * Self.samplesPerMs
        samples.removeFirst(surplus)
        startMs += surplus / Self.samplesPerMs
    }
}
