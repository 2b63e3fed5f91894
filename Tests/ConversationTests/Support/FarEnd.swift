import Conversation

/// The other side of a line as Twilio plays it: a buffer that is played in real time, marks that come back when
/// playback reaches them, all at once on `clear`.
struct FarEnd {
    private(set) var played: [UInt8] = []
    /// When what is in the buffer will have been played.
    private(set) var bufferEndsAtMs = 0
    private var stretches: [(fromMs: Int, lengthMs: Int)] = []
    private var echoes: [(atMs: Int, name: String)] = []
    private var latestEchoAtMs = 0

    /// When the next mark comes back, if one will.
    var nextEchoAtMs: Int? { echoes.first?.atMs }

    mutating func take(_ command: LineCommand, nowMs: Int, echoDelayMs: Int = 0) {
        switch command {
        case .audio(let audio):
            played += audio
            let fromMs = max(bufferEndsAtMs, nowMs)
            if let last = stretches.last, last.fromMs + last.lengthMs == fromMs {
                stretches[stretches.count - 1].lengthMs += audio.count / 8
            } else {
                stretches.append((fromMs, audio.count / 8))
            }
            bufferEndsAtMs = fromMs + audio.count / 8
        case .mark(let name):
            latestEchoAtMs = max(latestEchoAtMs, max(bufferEndsAtMs, nowMs) + echoDelayMs)
            echoes.append((latestEchoAtMs, name))
        case .clear:
            bufferEndsAtMs = nowMs
            stretches = []
            echoes = echoes.map { (min($0.atMs, nowMs), $0.name) }
            latestEchoAtMs = nowMs
        case .hangUp: break
        }
    }

    /// Milliseconds of audio played since the last `clear`.
    func heardMs(nowMs: Int) -> Int {
        stretches.reduce(0) { $0 + min(max(0, nowMs - $1.fromMs), $1.lengthMs) }
    }

    /// The marks that have come back by now.
    mutating func echoesDue(nowMs: Int) -> [String] {
        let due = echoes.prefix { $0.atMs <= nowMs }.map(\.name)
        echoes.removeFirst(due.count)
        return due
    }
}
