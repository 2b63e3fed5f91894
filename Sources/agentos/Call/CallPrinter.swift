import Dispatch
import Engines
import Synchronization
import TwilioTwin

/// Shows a call as it happens: the caller's side, the agent's side, and what the server made of it.
///
/// Lines are printed from a queue: the call is placed in real time and does not wait for a slow terminal.
final class CallPrinter: Sendable {
    private struct State {
        /// When the call began, by the twin's account: both sides' times are on one clock.
        var startedAt: ContinuousClock.Instant?
        var latency = LatencyTable()
        var outcome: CallOutcome
        /// The numbers of the server's events so far; a plain client receives each event twice, on its socket and on the event stream.
        var seen: Set<Int> = []
        /// Whether the server has taken the call, and the notes from before that; a call that is not taken has an error instead.
        var isTaken = false
        var earlyNotes: [String] = []
    }

    private let json: Bool
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "agentos.call.output")

    /// Makes a printer for people, or of JSON lines, of a call in which the caller is to say these utterances.
    init(json: Bool, utterances: [String]) {
        self.json = json
        state = Mutex(State(outcome: CallOutcome(utterances: utterances)))
    }

    /// Prints an event of the call.
    func print(_ event: TwinEvent) {
        if case .serverEvent(let json) = event.kind, ServerEvent(json) != nil { return print(serverEvent: json) }
        let notes = state.withLock { state in
            state.startedAt = state.startedAt ?? .now - .milliseconds(event.atMs)
            state.outcome.take(event.kind)
            if case .verb = event.kind { state.isTaken = true }
            guard state.isTaken else { return [String]() }
            defer { state.earlyNotes = [] }
            return state.earlyNotes
        }
        if json {
            show(CallJSON.line(event.kind.type, atMs: event.atMs, event.kind.fields))
        } else {
            show(event.kind.row, atMs: event.atMs)
        }
        for note in notes { print(note: note) }
    }

    /// Prints an event of the server, once.
    func print(serverEvent text: String) {
        guard let event = ServerEvent(text) else { return }
        let isNew = state.withLock { state in
            // Number 0 is for errors that belong to no session.
            if let seq = event.seq, seq > 0, !state.seen.insert(seq).inserted { return false }
            state.latency.take(text)
            state.outcome.take(event)
            return true
        }
        guard isNew else { return }
        if json { return show(CallJSON.line(serverEvent: text, atMs: nowMs)) }
        show(event.row, atMs: nowMs)
    }

    /// Prints what was done to the server, or why something is missing.
    func print(note: String) {
        let isEarly = state.withLock { state in
            guard !state.isTaken else { return false }
            state.earlyNotes.append(note)
            return true
        }
        guard !isEarly else { return }
        if json { return show(CallJSON.line("call.note", atMs: nowMs, ["text": .string(note)])) }
        show(CallRow("note", note, .notice), atMs: nowMs)
    }

    /// Prints how it went.
    ///
    /// - Returns: the utterances without an answer.
    func summarize(_ report: TwinCallReport) -> [CallOutcome.Unanswered] {
        let (latency, outcome) = state.withLock { ($0.latency, $0.outcome) }
        let unanswered = outcome.unanswered(in: report)
        if json {
            let fields = CallJSON.fields(of: report, latency: latency, unanswered: unanswered)
            show(CallJSON.line("call.report", atMs: report.durationMs, fields))
        } else {
            let lines = CallSummary(report: report, latency: latency, unanswered: unanswered).lines
            queue.async { lines.forEach(Terminal.print) }
        }
        return unanswered
    }

    /// Prints where the recording is.
    func recorded(_ path: String) {
        if json { return show(CallJSON.line("call.recorded", atMs: nowMs, ["path": .string(path)])) }
        queue.async { Terminal.print("  Recording (left the caller, right the agent): \(path)") }
    }

    /// Returns when everything has been printed.
    func flush() {
        queue.sync {}
    }

    private var nowMs: Int {
        let elapsed = state.withLock { $0.startedAt?.duration(to: .now) } ?? .zero
        return Int(elapsed / .milliseconds(1))
    }

    private func show(_ row: CallRow?, atMs: Int) {
        guard let lines = row?.lines(atMs: atMs) else { return }
        queue.async { lines.forEach(Terminal.print) }
    }

    private func show(_ line: String?) {
        guard let line else { return }
        queue.async { Terminal.print(line) }
    }
}

/// The end of a call for people: how it ended, what was answered and how fast, where the time went.
struct CallSummary {
    private static let labelWidth = 50

    let report: TwinCallReport
    let latency: LatencyTable
    let unanswered: [CallOutcome.Unanswered]

    /// The lines, 80 columns at most.
    var lines: [String] {
        var lines = ["", "  Call \(report.callSid): \(report.ending.words)"]
        lines.append("  \(CallRow.seconds(report.durationMs)) s, \(report.streams.count == 1 ? "1 stream" : "\(report.streams.count) streams")")
        if !report.turns.isEmpty { lines += ["", "  " + Self.columns("the caller said", "answered after")] }
        lines += report.turns.map { turn in
            let answer = turn.responseMs.map { "\(CallRow.seconds($0)) s" } ?? (turn.isSaidAgain ? "said again" : "no answer")
            return "  " + Self.columns(turn.label, answer)
        }
        if !latency.rows.isEmpty { lines += ["", "  Latency of each turn in ms, as the server measured it:"] }
        lines += latency.lines.map { "  " + $0 }
        lines += ["", "  " + audio]
        lines += unanswered.flatMap { alarm("no answer to \"\($0.label)\": \($0.reason)") }
        lines += report.faults.flatMap { alarm("Twilio would log \($0.code): \($0.message)") }
        lines += report.failures.flatMap { alarm($0.message) }
        return lines
    }

    private var audio: String {
        let totals = report.totals
        let marks = "marks: \(totals.marksPlayed) played, \(totals.marksCleared) cleared"
        return "frames: \(totals.mediaSent) sent, \(totals.mediaReceived) received; \(marks); underruns: \(totals.underruns)"
    }

    private func alarm(_ text: String) -> [String] {
        CallRow.wrapped(text, to: CallRow.width - 2).map { Terminal.colored("  " + $0, 31) }
    }

    private static func columns(_ label: String, _ answer: String) -> String {
        let shown = label.count > labelWidth ? String(label.prefix(labelWidth - 3)) + "..." : label
        return shown + String(repeating: " ", count: labelWidth - shown.count) + "  " + CallRow.right(answer, in: 16)
    }
}
