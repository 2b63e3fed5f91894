import Conversation

/// The other side of a line as Twilio plays it: a buffer that is played in real time, marks that come back when
/// playback reaches them, all at once on `clear`.
struct FarEnd {
    /// Audio played, or to be played, without a `clear` in it.
    private struct Run {
        var frames: [(fromMs: Int, audio: [UInt8])] = []
        /// The audio of all frames together.
        var bytes = 0
    }

    /// All audio that was sent, whether or not it was cleared before its turn.
    private(set) var played: [UInt8] = []
    /// When what is in the buffer will have been played.
    private(set) var bufferEndsAtMs = 0
    /// The longest time between two sounds.
    private(set) var longestSilenceMs = 0
    private var runs = [Run()]
    private var echoes: [(atMs: Int, name: String)] = []
    private var latestEchoAtMs = 0

    /// When the next mark comes back, if one will.
    var nextEchoAtMs: Int? { echoes.first?.atMs }

    mutating func take(_ command: LineCommand, nowMs: Int, echoDelayMs: Int = 0) {
        switch command {
        case .audio(let audio):
            played += audio
            let fromMs = max(bufferEndsAtMs, nowMs)
            if bufferEndsAtMs > 0 { longestSilenceMs = max(longestSilenceMs, fromMs - bufferEndsAtMs) }
            runs[runs.count - 1].frames.append((fromMs, audio))
            runs[runs.count - 1].bytes += audio.count
            bufferEndsAtMs = fromMs + audio.count / 8
        case .mark(let name):
            latestEchoAtMs = max(latestEchoAtMs, max(bufferEndsAtMs, nowMs) + echoDelayMs)
            echoes.append((latestEchoAtMs, name))
        case .clear:
            bufferEndsAtMs = nowMs
            // What has not been played never will be.
            let heard = runs[runs.count - 1].frames.compactMap { frame in
                let audio = Self.heard(of: frame, nowMs: nowMs)
                return audio.isEmpty ? nil : (fromMs: frame.fromMs, audio: Array(audio))
            }
            runs[runs.count - 1].frames = heard
            runs.append(Run())
            echoes = echoes.map { (min($0.atMs, nowMs + echoDelayMs), $0.name) }
            latestEchoAtMs = nowMs + echoDelayMs
        case .hangUp: break
        }
    }

    /// Milliseconds of audio played since the last `clear`.
    func heardMs(nowMs: Int) -> Int {
        guard let run = runs.last else { return 0 }
        var unheard = 0
        var index = run.frames.count - 1
        while index >= 0, run.frames[index].fromMs + run.frames[index].audio.count / 8 > nowMs {
            unheard += min(run.frames[index].audio.count, (run.frames[index].fromMs + run.frames[index].audio.count / 8 - nowMs) * 8)
            index -= 1
        }
        return (run.bytes - unheard) / 8
    }

    /// What the caller has heard by now, parted where a `clear` was.
    func heardRuns(nowMs: Int) -> [[UInt8]] {
        runs.map { run in run.frames.flatMap { Self.heard(of: $0, nowMs: nowMs) } }
    }

    /// The marks that have come back by now.
    mutating func echoesDue(nowMs: Int) -> [String] {
        let due = echoes.prefix { $0.atMs <= nowMs }.map(\.name)
        echoes.removeFirst(due.count)
        return due
    }

    private static func heard(of frame: (fromMs: Int, audio: [UInt8]), nowMs: Int) -> ArraySlice<UInt8> {
        frame.audio.prefix(max(0, nowMs - frame.fromMs) * 8)
    }
}
