import TwilioTwin

// The server as a whole, as Twilio sees it: real sockets, real time, 50 frames a second in each direction.
extension Suite {
    /// What calls cost with engines that cost nothing, voice activity on.
    static let server = Suite(name: "server", summary: "concurrent calls; --stt scripted --tts tone, voice activity on") { plan in
        let stubs = ["--stt", "scripted", "--tts", "tone"]
        let silent = try await load(CallLoad(calls: plan.callCounts.last ?? 1, script: [.wait(8000), .hangUp]), stubs)
        var (starts, rows) = ([silent.server], rows(of: silent.outcome, "silent"))
        let talk = try [CallerStep].conversation(["opening-hours", "yes", "goodbye"].map { ($0, try Clip($0).samples) }, interrupts: true)
        for calls in plan.callCounts {
            let (server, outcome) = try await load(CallLoad(calls: calls, script: talk), stubs)
            starts.append(server)
            rows += Self.rows(of: outcome, "talking")
        }
        return [
            Row("start to listening", "ms", starts.map(\.listeningMs)),
            Row("start to engines loaded (stubs, voice activity)", "ms", starts.map(\.readyMs)),
        ] + rows
    }

    /// How long a caller waits with the engines that come with the product.
    static let engines = Suite(name: "engines", summary: "one call; whisper (bundled model) and flite") { plan in
        let talk = try [CallerStep].conversation(plan.conversation.map { ($0, try Clip($0).samples) }, interrupts: true)
        let (server, outcome) = try await load(
            CallLoad(calls: 1, script: talk),
            ["--stt", "whisper", "--whisper-model", "phone-mini", "--tts", "flite"]
        )
        let stages: [(String, (TurnTimes) -> Double)] = [
            ("endpoint (silence waited for)", \.endpoint), ("speech to text", \.stt), ("assistant (echo)", \.chat), ("text to first audio", \.tts),
        ]
        return [Row("start to engines loaded (real engines)", "ms", [server.readyMs])]
            + rows(of: outcome, "real engines")
            + stages.map { name, time in Row("  of it \(name)", "ms", outcome.turns.map(time)) }
    }

    /// Runs a load on a server of its own, warmed up by one short call that is not counted.
    static func load(_ load: CallLoad, _ arguments: [String]) async throws -> (server: ServerProcess, outcome: CallLoad.Outcome) {
        try await Scratch.lend { data in
            let warmUp = CallLoad(calls: 1, script: [.say(clip: try Clip("yes").samples, label: "yes"), .wait(2000), .hangUp])
            Progress.note("  \(load.calls) at once")
            var (server, outcome) = try await ServerProcess.run(arguments, data: data) { server in
                _ = try await warmUp.run(on: server)
                return (server, try await load.run(on: server))
            }
            outcome.turns = try await TurnTimes.read(calls: outcome.reports.map(\.callSid), data: data)
            return (server, outcome)
        }
    }

    private static func rows(of outcome: CallLoad.Outcome, _ kind: String) -> [Row] {
        let calls = outcome.reports.count
        let (before, peak, after) = outcome.residentKiB
        let title = "\(calls) \(calls == 1 ? "call" : "calls"), \(kind)"
        let costs = [
            Row("\(title): server CPU", "ms/call-s", [outcome.serverMsPerSecond]),
            Row("\(title): the callers' own CPU", "ms/call-s", [outcome.callerMsPerSecond]),
            Row("\(title): memory per call at the most", "KiB", [(peak - before) / Double(calls)]),
            Row("\(title): memory kept per call afterwards", "KiB", [(after - before) / Double(calls)]),
            Row("\(title): memory of the server at the most", "MiB", [peak / 1024]),
            Row("\(title): playout underruns", "all calls", [Double(outcome.underruns)]),
            Row("\(title): calls with a fault", "calls", [Double(outcome.failed)]),
        ]
        guard outcome.reports.contains(where: { !$0.turns.isEmpty }) else { return costs }
        return costs + [
            Row("\(title): end of speech to answer heard", "ms", outcome.responses),
            Row("\(title): the same without endpointing, in the server", "ms", outcome.turns.map(\.work)),
            Row("\(title): end of speech to the first frame's mark back", "ms", outcome.turns.compactMap(\.atEar)),
        ]
    }
}
