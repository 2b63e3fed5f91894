import Audio
import CSpeexDSP
import Conversation
import Engines
import TestSupport

// What three ways of dealing with the agent's own voice, come back from the caller's side, cost and do on the same lines: nothing at all, the
// product's guard, and SpeexDSP's canceller with its suppression of what is left. Voice activity is the product's own.
extension Suite {
    /// The agent taken for the caller, and callers missed who speak over it.
    static let echo = Suite(name: "echo", summary: "the agent's own voice taken for the caller's, callers missed over it") { plan in
        let detector = try SileroVoiceActivityDetector(installation: try Installation.locate())
        let agent = try ["opening-hours", "book-table", "two-turns"].flatMap { try Clip($0).samples }
        let callers = try ["stop", "operator", "unseen-voice"].map { try Clip($0).samples }
        let paths = EchoLine.paths(isQuick: plan.isQuick)
        var rows: [Row] = []
        for kind in EchoCanceller.Kind.allCases {
            var (interrupted, late, missed, lines) = (0, 0, 0, 0)
            // On a line without echo, and on one with.
            var costs: [(nanoseconds: Int, milliseconds: Int)] = [(0, 0), (0, 0)]
            for path in paths {
                let alone = EchoLine(agent: agent, path: path)
                let began = CPUClock.threadNs
                let starts = try alone.starts(detector, kind)
                let cost = path.lossDB == nil ? 0 : 1
                costs[cost].nanoseconds += CPUClock.threadNs - began
                costs[cost].milliseconds += alone.milliseconds
                if !starts.isEmpty { interrupted += 1 }
                if starts.contains(where: { $0 > learningMs }) { late += 1 }
                for caller in callers {
                    lines += 1
                    let line = EchoLine(agent: agent, path: path, caller: caller, callerFromMs: callerFromMs)
                    let found = try line.starts(detector, kind).contains { (callerFromMs..<callerFromMs + 900).contains($0) }
                    if !found { missed += 1 }
                }
            }
            rows.append(Row("\(kind.rawValue): lines on which the agent interrupts itself, of \(paths.count)", "lines", [Double(interrupted)]))
            rows.append(Row("\(kind.rawValue): the same after the first 3 s", "lines", [Double(late)]))
            rows.append(Row("\(kind.rawValue): callers over the agent missed, of \(lines)", "callers", [Double(missed)]))
            for (cost, line) in zip(costs, ["line without echo", "line with echo"]) {
                let microseconds = Double(cost.nanoseconds) / Double(max(1, cost.milliseconds))
                rows.append(Row("\(kind.rawValue): a second of a \(line), voice activity included", "us", [microseconds]))
            }
        }
        return rows
    }

    /// What a canceller may take to get to know a line, in ms.
    private static let learningMs = 3000
    /// When callers speak up, in ms.
    private static let callerFromMs = 4000
}

/// A line that returns the agent's voice, with a caller who may speak over it.
private struct EchoLine {
    struct Path {
        /// How much quieter the voice returns, in dB; nil for not at all.
        var lossDB: Double?
        var delayMs: Int
        /// The line's answer to a click, from the delay on.
        var response: [Double]
    }

    /// A line's hybrid: inverted, smeared over 2 ms.
    private static let hybrid = [-0.07, 0.18, -0.5, -0.7, -0.25, 0.32, 0.2, -0.1, -0.14, -0.03, 0.1, 0.07, -0.05, -0.07, 0, 0.04]
    private static let frame = 160

    let agent: [Int16]
    let path: Path
    var caller: [Int16] = []
    var callerFromMs = 0

    static func paths(isQuick: Bool) -> [Path] {
        let losses: [Double] = isQuick ? [12] : [6, 12, 18, 25]
        let echoes = losses.flatMap { loss in
            [60, 150, 400].flatMap { delay in
                [[1.0], hybrid].map { Path(lossDB: loss, delayMs: delay, response: $0) }
            }
        }
        return [Path(lossDB: nil, delayMs: 0, response: [])] + echoes
    }

    var milliseconds: Int { agent.count / 8 / 20 * 20 }

    /// Where utterances begin: the ends of windows that are the third of speech in a row, in ms.
    func starts(_ detector: SileroVoiceActivityDetector, _ kind: EchoCanceller.Kind) throws -> [Int] {
        var canceller = EchoCanceller(kind)
        var stream = detector.makeStream()
        let line = samples
        var starts: [Int] = []
        var (inARow, windows) = (0, 0)
        for start in stride(from: 0, to: milliseconds * 8, by: Self.frame) {
            let place = start..<start + Self.frame
            let clean = canceller.clean(Array(line[place]), while: Array(agent[place]), endMs: place.upperBound / 8)
            for probability in try stream.process(clean) {
                windows += 1
                let endMs = windows * VoiceActivityWindow.milliseconds
                inARow = canceller.judge(probability, endMs: endMs) >= 0.5 ? inARow + 1 : 0
                if inARow == 3 { starts.append(endMs) }
            }
        }
        return starts
    }

    /// What comes in, line noise at -55 dBFS with it.
    private var samples: [Int16] {
        var random = SeededRandom(seed: 7)
        let noise = Loudness.amplitude(of: -55) * 32768 * 3.0.squareRoot()
        var line = agent.map { _ in Double.random(in: -noise...noise, using: &random) }
        if let loss = path.lossDB {
            let gain = Loudness.amplitude(of: -loss)
            for (index, sample) in MuLaw.decode(MuLaw.encode(agent)).enumerated() where sample != 0 {
                for (tap, part) in path.response.enumerated() {
                    let place = index + path.delayMs * 8 + tap
                    if place < line.count { line[place] += Double(sample) * part * gain }
                }
            }
        }
        for (index, sample) in caller.enumerated() where callerFromMs * 8 + index < line.count {
            line[callerFromMs * 8 + index] += Double(sample)
        }
        return MuLaw.decode(MuLaw.encode(line.map { Int16(clamping: Int($0.rounded())) }))
    }
}

/// One of the ways to deal with an echo, on one line.
private struct EchoCanceller {
    enum Kind: String, CaseIterable {
        case none = "no canceller"
        case guarded = "echo guard"
        case speex = "SpeexDSP"
    }

    private let kind: Kind
    private var echo = EchoGuard()
    private let speex: SpeexCanceller?

    init(_ kind: Kind) {
        self.kind = kind
        speex = kind == .speex ? SpeexCanceller() : nil
    }

    /// A frame from the line without the echo of what the agent says, of which `agent` is being played.
    mutating func clean(_ frame: [Int16], while agent: [Int16], endMs: Int) -> [Int16] {
        switch kind {
        case .none: return frame
        case .guarded:
            echo.sent(MuLaw.encode(agent), mediaMs: endMs - 20)
            return echo.isExpectingEcho ? echo.clean(frame, endMs: endMs) : frame
        case .speex: return speex?.clean(frame, while: agent) ?? frame
        }
    }

    mutating func judge(_ probability: Float, endMs: Int) -> Float {
        kind == .guarded ? echo.judge(probability: probability, endMs: endMs) : probability
    }
}

/// SpeexDSP's canceller for frames of 20 ms at 8 kHz and echoes of up to half a second, with its suppression of the residual echo.
private final class SpeexCanceller {
    private let echo: OpaquePointer?
    private let rest: OpaquePointer?

    init() {
        echo = speex_echo_state_init(160, 4000)
        rest = speex_preprocess_state_init(160, 8000)
        var rate: Int32 = 8000
        speex_echo_ctl(echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
        if let echo { speex_preprocess_ctl(rest, SPEEX_PREPROCESS_SET_ECHO_STATE, UnsafeMutableRawPointer(echo)) }
        var off: Int32 = 0
        speex_preprocess_ctl(rest, SPEEX_PREPROCESS_SET_DENOISE, &off)
    }

    deinit {
        speex_echo_state_destroy(echo)
        speex_preprocess_state_destroy(rest)
    }

    func clean(_ frame: [Int16], while agent: [Int16]) -> [Int16] {
        var clean = [Int16](repeating: 0, count: frame.count)
        speex_echo_cancellation(echo, frame, agent, &clean)
        speex_preprocess_run(rest, &clean)
        return clean
    }
}
