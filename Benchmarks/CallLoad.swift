import TwilioTwin

/// Simulated calls at the same time, and what they cost a server.
struct CallLoad: Sendable {
    /// How many.
    let calls: Int
    /// What each caller does.
    let script: [CallerStep]

    /// The calls begin evenly over this time, as strangers' calls would not do all at once.
    private static let spreadMs = 2000

    /// What came of them.
    struct Outcome: Sendable {
        var reports: [TwinCallReport]
        /// The server's CPU time and that of this process, in ms for each second of each call.
        var serverMsPerSecond: Double
        var callerMsPerSecond: Double
        /// Memory before, at the most meanwhile, and after, in KiB.
        var residentKiB: (before: Double, peak: Double, after: Double)
        var turns: [TurnTimes] = []

        /// How often playing broke off within an answer, all calls together.
        var underruns: Int { reports.reduce(0) { $0 + $1.totals.underruns } }
        /// Calls in which anything went wrong that a caller or Twilio would have noticed.
        var failed: Int { reports.count { !$0.failures.isEmpty || $0.ending != .callerHungUp || !$0.faults.isEmpty } }
        /// As the caller heard them, in ms; nil where no answer was heard.
        var responses: [Double] { reports.flatMap(\.turns).compactMap { $0.responseMs.map(Double.init) } }
    }

    /// Places the calls in real time and follows them to their ends.
    func run(on server: ServerProcess) async throws -> Outcome {
        let before = server.residentKiB ?? 0
        let (serverStart, callerStart) = (server.cpuNs, CPUClock.processNs)
        let (reports, peak) = try await place(on: server)
        let seconds = Double(reports.reduce(0) { $0 + $1.durationMs }) / 1000
        let after = server.residentKiB ?? 0
        return Outcome(
            reports: reports,
            serverMsPerSecond: Double(server.cpuNs - serverStart) / 1e6 / seconds,
            callerMsPerSecond: Double(CPUClock.processNs - callerStart) / 1e6 / seconds,
            residentKiB: (before, max(peak, after), after)
        )
    }

    /// The reports, and the most memory seen meanwhile.
    private func place(on server: ServerProcess) async throws -> ([TwinCallReport], Double) {
        try await withThrowingTaskGroup(of: TwinCallReport?.self) { group in
            let watch = MemoryWatch()
            group.addTask {
                while !Task.isCancelled {
                    watch.note(server.residentKiB ?? 0)
                    try? await Task.sleep(for: .milliseconds(250))
                }
                return nil
            }
            for index in 0..<calls {
                let call = TwinCallConfiguration(webhookURL: "\(server.address)/api/voice/twilio/inbound", script: script)
                group.addTask {
                    try await Task.sleep(for: .milliseconds(index * Self.spreadMs / calls))
                    return try await TwinCall(call).run()
                }
            }
            var reports: [TwinCallReport] = []
            while reports.count < calls, let report = try await group.next() { reports += report.map { [$0] } ?? [] }
            group.cancelAll()
            return (reports, watch.peak)
        }
    }
}
