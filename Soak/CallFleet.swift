import Audio
import Engines
import TestSupport
import TwilioTwin

/// Keeps so many calls going, and knows of each how it went.
actor CallFleet {
    private let server: SoakServer
    private let size: Int
    private let cuts: Bool
    private let clip: [Int16]
    private var random: SeededRandom
    /// Rises with each fault that may touch all calls at once.
    private var disturbances = 0
    private var tally = Tally()

    private struct Tally {
        var undisturbed = 0
        var disturbed = 0
        var cut = 0
        /// Told in words to call again, which is right while the disk is full or running calls suffer.
        var turnedAway = 0
        var faults: [String] = []
        var discarded = 0
        var underruns = 0
        var responses: [Int] = []
        var unanswered = 0
        var frames = 0
    }

    /// Makes a fleet; with `cuts` some callers' networks break.
    init(server: SoakServer, size: Int, seed: UInt64, cuts: Bool) {
        self.server = server
        self.size = size
        self.cuts = cuts
        random = SeededRandom(seed: seed)
        clip = (try? WAVFile.read(path: "\(Installation.locate().root)/Samples/caller-yes.wav").mono(at: 8000)) ?? []
    }

    /// The longest that an undisturbed caller waited for an answer.
    var worstResponseMs: Int { tally.responses.max() ?? 0 }

    /// A fault that touches all calls begins, or has just ended.
    func disturb() { disturbances += 1 }

    /// Places so many calls one after the other on each line.
    func run(rounds: Int) async throws {
        try await lines { round in round < rounds }
    }

    /// Places calls until it is over; calls in progress are held to their end.
    func run(until isOver: Signal) async throws {
        try await lines { _ in !isOver.isGiven }
    }

    private func lines(_ goesOn: @escaping @Sendable (Int) -> Bool) async throws {
        try await withThrowingTaskGroup { group in
            for line in 0..<size {
                group.addTask { [self] in
                    // Strangers do not call all at once.
                    try await Task.sleep(for: .milliseconds(line * 100))
                    var round = 0
                    while goesOn(round) {
                        try await place()
                        round += 1
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func place() async throws {
        let isCut = cuts && random.once(in: 6)
        let pause = Int.random(in: 0..<400, using: &random)
        let turn: [CallerStep] = [.say(clip: clip, label: "yes"), .waitForAnswer(quietMs: 600, timeoutMs: 5000)]
        let script = [.wait(pause)] + turn + (isCut ? [.wait(pause), .cutSocket] : turn) + [.hangUp]
        let webhook = await server.address + "/api/voice/twilio/inbound"
        let call = TwinCallConfiguration(webhookURL: webhook, authToken: SoakServer.authToken, script: script)
        let before = disturbances
        let report = try? await TwinCall(call).run()
        // Faults are told at their beginning and at their end: an odd number is of one that is under way.
        let isDisturbed = before != disturbances || !before.isMultiple(of: 2)
        note(report, isCut: isCut, isDisturbed: isDisturbed)
        // While the server is away there is nobody to call.
        if report == nil { try await Task.sleep(for: .milliseconds(300)) }
    }

    private func note(_ report: TwinCallReport?, isCut: Bool, isDisturbed: Bool) {
        if isDisturbed { return tally.disturbed += 1 }
        if isCut { return tally.cut += 1 }
        if let report, report.streams.isEmpty, report.ending == .hangup { return tally.turnedAway += 1 }
        tally.undisturbed += 1
        guard let report else { return tally.faults.append("a call was not answered") }
        tally.frames += report.totals.mediaSent
        tally.discarded += report.totals.mediaDiscarded
        tally.underruns += report.totals.underruns
        tally.responses += report.turns.compactMap(\.responseMs)
        tally.unanswered += report.turns.count { $0.responseMs == nil }
        tally.faults += report.faults.map { "\($0)" } + report.failures.map(\.description)
        if report.ending != .callerHungUp { tally.faults.append("a call ended by \(report.ending.rawValue)") }
    }

    /// Says how the calls went, and notes what must not be.
    func judge(_ name: String, _ findings: Findings) async {
        let slowest = tally.responses.max() ?? 0
        Console.say(
            "\(name): \(tally.undisturbed) undisturbed, \(tally.disturbed) disturbed by a fault, \(tally.cut) cut, \(tally.turnedAway) turned away; "
                + "\(tally.frames) frames sent, "
                + "\(tally.discarded) discarded, \(tally.underruns) stutters, \(tally.responses.count) answers, \(tally.unanswered) without, "
                + "slowest \(slowest) ms"
        )
        if tally.undisturbed == 0 { await findings.add("\(name): no call went undisturbed, so nothing is known of them") }
        if tally.discarded > 0 { await findings.add("\(name): the server did not take \(tally.discarded) frames") }
        if tally.underruns > 0 { await findings.add("\(name): the agent's voice stuttered \(tally.underruns) times") }
        // With an engine that fails now and then, an answer may be missing; otherwise none may.
        if !cuts, tally.unanswered > 0 { await findings.add("\(name): \(tally.unanswered) turns got no answer") }
        for fault in Set(tally.faults).sorted().prefix(5) { await findings.add("\(name): \(fault)") }
    }
}
