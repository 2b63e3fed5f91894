import Foundation
import Synchronization
import TwilioTwin

/// Shows a call as it happens: the caller's side, the agent's side, and what the server made of it.
final class CallPrinter: Sendable {
    private let json: Bool
    /// When the call began, by the twin's account: both sides' times are told on one clock.
    private let startedAt = Mutex<ContinuousClock.Instant?>(nil)

    /// Makes a printer for people, or of JSON lines.
    init(json: Bool) {
        self.json = json
    }

    /// Prints something the twin saw.
    func print(_ event: TwinEvent) {
        startedAt.withLock { $0 = $0 ?? .now - .milliseconds(event.atMs) }
        if json { return line(["at_ms": .number(event.atMs), "event": .text(event.kind.name), "detail": .text(event.kind.detail)]) }
        guard let text = event.kind.spoken else { return }
        show(event.atMs, text)
    }

    /// Prints something the server told.
    func print(serverEvent text: String) {
        if json { return Terminal.print(text) }
        guard let event = try? JSONDecoder().decode(ServerEvent.self, from: Data(text.utf8)), let told = event.told else { return }
        let elapsed = startedAt.withLock { $0?.duration(to: .now) ?? .zero }
        show(elapsed.wholeMilliseconds, told)
    }

    /// Prints how it went.
    func summarize(_ report: TwinCallReport) {
        if json { return line(report.json) }
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

/// The fields of the server's events that are shown.
private struct ServerEvent: Decodable {
    var type: String
    var text: String?
    var complete: Bool?
    var response: Int?
    var endpoint: Int?
    var stt: Int?
    var error: String?

    /// What a person is told of the event, if anything.
    var told: String? {
        switch type {
        case "voice.stt.final": Terminal.colored("caller said   ", 36) + (text ?? "")
        case "voice.assistant.text": Terminal.colored("agent answers ", 32) + (text ?? "")
        case "voice.assistant.heard" where complete == false: Terminal.colored("caller heard  ", 33) + (text ?? "")
        case "voice.turn.metrics":
            Terminal.colored("              response \(response ?? 0) ms (end of turn \(endpoint ?? 0), recognition \(stt ?? 0))", 90)
        case "voice.barge_in": Terminal.colored("interrupted", 33)
        case "error": Terminal.colored("error         \(error ?? "")", 31)
        default: nil
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
