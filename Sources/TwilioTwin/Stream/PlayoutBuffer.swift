import Audio

/// Twilio's playout buffer: the server's audio waiting to be heard, with the marks between.
///
/// Audio is G.711 mu-law at 8,000 Hz, one byte a sample. Marks are positions in the audio, so a mark comes back when everything
/// before it has been played, or at once when it is cleared or nothing lies before it.
/// Source: Twilio, "Media Streams: WebSocket messages" (docs/voice/media-streams/websocket-messages).
package struct PlayoutBuffer: Sendable {
    /// What became of audio that was offered.
    package enum Admission: Sendable, Equatable {
        /// It will be played.
        case queued
        /// Over ten minutes are waiting: it was thrown away. Twilio reports this as 31931.
        case discarded
    }

    /// What an interval of play gave.
    package struct Played: Sendable, Equatable {
        /// What the caller heard: as many bytes as the interval has samples, silence where nothing was queued.
        package var audio: [UInt8]
        /// How many of these bytes, from the first, came from the server.
        package var fromServer: Int
        /// The marks that came due, in order.
        package var marks: [String]
    }

    /// Ten minutes, in bytes.
    package static let defaultLimit = 10 * 60 * 8000

    /// A dry spell up to this length, in samples (300 ms), is a break in speech; a longer one is a pause.
    static let breakLimit = 2400

    /// The most bytes that may wait.
    package let limit: Int
    /// Bytes thrown away because of the limit.
    package private(set) var discardedBytes = 0
    /// Bytes thrown away by ``clear()``.
    package private(set) var clearedBytes = 0
    /// Bytes that were played.
    package private(set) var playedBytes = 0
    /// How often the server's audio broke off and went on within 300 ms: what a caller hears as a stutter.
    package private(set) var underruns = 0

    private var audio: [UInt8] = []
    private var head = 0
    /// Each with the bytes that lie before it, counted from the buffer's beginning.
    private var marks: [(name: String, position: Int)] = []
    private var position = 0
    /// Samples of silence since audio last ran out; nil before any was played and after a clear.
    private var drySamples: Int?

    /// Makes an empty buffer that holds at most `limit` bytes.
    package init(limit: Int = Self.defaultLimit) { self.limit = limit }

    /// Bytes, which are samples, that wait to be played.
    package var queuedBytes: Int { audio.count - head }

    /// The marks that have not come back, in order.
    package var pendingMarks: [String] { marks.map(\.name) }

    /// Queues audio behind what is there.
    package mutating func enqueue(_ media: some Collection<UInt8>) -> Admission {
        guard queuedBytes + media.count <= limit else {
            discardedBytes += media.count
            return .discarded
        }
        audio.append(contentsOf: media)
        return .queued
    }

    /// Queues a mark behind what is there; true when nothing lies before it, so that it comes back now and is not kept.
    package mutating func enqueue(mark: String) -> Bool {
        guard queuedBytes > 0 else { return true }
        marks.append((mark, position + queuedBytes))
        return false
    }

    /// Drops all audio and gives back every pending mark, in order.
    package mutating func clear() -> [String] {
        clearedBytes += queuedBytes
        position += queuedBytes
        audio.removeAll(keepingCapacity: true)
        head = 0
        drySamples = nil
        defer { marks.removeAll() }
        return pendingMarks
    }

    /// Plays for an interval.
    package mutating func advance(samples: Int) -> Played {
        let count = min(samples, queuedBytes)
        var heard = Array(audio[head..<head + count])
        heard.append(contentsOf: repeatElement(MuLaw.silence, count: samples - count))
        countUnderrun(played: count, silent: samples - count)
        consume(count)
        let due = marks.prefix { $0.position <= position }.map(\.name)
        marks.removeFirst(due.count)
        return Played(audio: heard, fromServer: count, marks: due)
    }

    private mutating func consume(_ count: Int) {
        head += count
        position += count
        playedBytes += count
        guard head > 16384, head * 2 > audio.count else { return }
        audio.removeFirst(head)
        head = 0
    }

    private mutating func countUnderrun(played: Int, silent: Int) {
        if played > 0 {
            if let dry = drySamples, dry > 0, dry <= Self.breakLimit { underruns += 1 }
            drySamples = silent
        } else if let dry = drySamples {
            drySamples = dry + silent
        }
    }
}
