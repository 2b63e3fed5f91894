import Foundation
import TwilioTwin

// How many calls this machine holds, and what to set --concurrent-calls to.
extension Suite {
    /// More and more calls, until callers notice.
    static let capacity = Suite(name: "capacity", summary: "more and more calls, until an answer is late or broken") { plan in
        let talk = try [CallerStep].conversation(["opening-hours", "yes", "goodbye"].map { ($0, try Clip($0).samples) }, interrupts: false)
        let alone = try await outcome(of: CallLoad(calls: 1, script: talk), stubs)
        let limitMs = (slowest(alone) ?? 0) + Self.mostExtraMs
        var (held, cost, callers) = (0, 0.0, 0.0)
        for calls in plan.isQuick ? [5, 10] : [100, 200, 250, 300, 400, 500] {
            let outcome = try await outcome(of: CallLoad(calls: calls, script: talk), stubs)
            let slowestMs = slowest(outcome) ?? .infinity
            guard outcome.failed == 0, outcome.underruns == 0, slowestMs <= limitMs else {
                let why = "\(outcome.failed) failed, \(outcome.underruns) underruns, p99 of the answer \(slowestMs) ms of \(limitMs)"
                Progress.note("  \(calls) are too many: \(why)")
                break
            }
            (held, cost, callers) = (calls, outcome.serverMsPerSecond, outcome.callerMsPerSecond)
        }
        let real = try await outcome(of: CallLoad(calls: 1, script: talk), ["--stt", "whisper", "--tts", "flite"])
        let cores = Double(ProcessInfo.processInfo.activeProcessorCount)
        return [
            Row("calls held with stub engines, the callers on the same machine", "calls", [Double(held)]),
            Row("  server CPU at that number", "ms/call-s", [cost]),
            Row("  the callers' own CPU", "ms/call-s", [callers]),
            Row("one call with Whisper and flite: server CPU", "ms/call-s", [real.serverMsPerSecond]),
            Row("set --concurrent-calls to, with Whisper and flite", "calls", [advice(cores: cores, costMs: real.serverMsPerSecond)]),
            Row("set --concurrent-calls to, with remote engines", "calls", [advice(cores: cores, costMs: cost)]),
        ]
    }

    private static let stubs = ["--stt", "scripted", "--tts", "tone"]
    /// How much later than a single call's the slowest answer in a hundred may be, in ms.
    private static let mostExtraMs = 50.0
    /// The share of the processors that calls may take: what happens at the same moment by chance needs the rest.
    private static let share = 0.6

    /// How many calls that cost so much leave room for what happens at the same moment.
    private static func advice(cores: Double, costMs: Double) -> Double {
        costMs > 0 ? max(1, (cores * 1000 * share / costMs).rounded(.down)) : 0
    }

    private static func outcome(of load: CallLoad, _ arguments: [String]) async throws -> CallLoad.Outcome {
        try await Self.load(load, arguments).outcome
    }

    /// What the slowest answer in a hundred took, in ms.
    private static func slowest(_ outcome: CallLoad.Outcome) -> Double? {
        let times = outcome.responses.sorted()
        return times.isEmpty ? nil : times[min(times.count - 1, times.count * 99 / 100)]
    }
}
