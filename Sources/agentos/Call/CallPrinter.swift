import Foundation
import Synchronization
import TwilioTwin

/// Shows a call as it happens: the caller's side, the agent's side, and what the server made of it.
final class CallPrinter: Sendable {
    private let json: Bool
    /// When the call began, by the twin's account: both sides' times are told on one clock.
    private let startedAt = Mutex<ContinuousClock.Instant?>(nil)
    private let latency = Mutex(LatencyTable())

    /// Makes a printer for people, or of JSON lines.
    init(json: Bool) {
        self.json = json
    }

    /// Prints something the twin saw.
    func print(_ event: TwinEvent) {
        startedAt.withLock { $0 = $0 ?? .now - .milliseconds(event.atMs) }
        if case .serverEvent(let json) = event.kind { latency.withLock { $0.take(json) } }
        if json { return line(["at_ms": .number(event.atMs), "event": .text(event.kind.name), "detail": .text(event.kind.detail)]) }
        guard let text = event.kind.spoken else { return }
        show(event.atMs, text)
    }

    /// Prints something the server told.
    func print(serverEvent text: String) {
        latency.withLock { $0.take(text) }
        if json { return Terminal.print(text) }
        guard let told = ServerEvent(text)?.told else { return }
        let elapsed = startedAt.withLock { $0?.duration(to: .now) ?? .zero }
        show(elapsed.wholeMilliseconds, told)
    }

    /// Prints something that was done to the server.
    func print(note: String) {
        let elapsed = startedAt.withLock { $0?.duration(to: .now) ?? .zero }.wholeMilliseconds
        if json { return line(["at_ms": .number(elapsed), "event": .text("note"), "detail": .text(note)]) }
        show(elapsed, Terminal.colored(note, 33))
    }

    /// Prints how it went.
    func summarize(_ report: TwinCallReport) {
        let latency = latency.withLock { $0 }
        if json { return line(report.json.merging(["latency": .latency(latency)]) { report, _ in report }) }
        Terminal.print("")
        Terminal.print("  Call \(report.callSid): \(report.ending.rawValue) after \(Self.seconds(report.durationMs)) s")
        for turn in report.turns {
            let response = turn.responseMs.map { "answered after \(Self.seconds($0)) s" } ?? "no answer"
            Terminal.print("  \(turn.label): \(response)")
        }
        let totals = report.totals
        Terminal.print(
            "  frames sent \(totals.mediaSent), received \(totals.mediaReceived); marks \(totals.marksPlayed) played, \(totals.marksCleared) cleared; underruns \(totals.underruns)"
        )
        if !latency.rows.isEmpty { Terminal.print("  Where the time went, in ms:") }
        for line in latency.lines { Terminal.print("  " + line) }
        for fault in report.faults { Terminal.print(Terminal.colored("  Twilio would log: \(fault)", 31)) }
        for failure in report.failures { Terminal.print(Terminal.colored("  \(failure)", 31)) }
    }

    /// Prints where the recording is.
    func recorded(_ path: String) {
        if json { return line(["recording": .text(path)]) }
        Terminal.print("  Recording (left the caller, right the agent): \(path)")
    }

    private func show(_ atMs: Int, _ text: String) {
        let time = Self.seconds(atMs)
        Terminal.print(Terminal.colored(String(repeating: " ", count: max(0, 7 - time.count)) + time, 90) + "  " + text)
    }

    private func line(_ object: [String: ReportValue]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(object) { Terminal.print(String(decoding: data, as: UTF8.self)) }
    }

    private static func seconds(_ milliseconds: Int) -> String {
        (Double(milliseconds) / 1000).formatted(.number.precision(.fractionLength(2)).grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
