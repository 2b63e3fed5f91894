import Conversation
import Logging
import Synchronization

/// Stores, counts and audits what happens in one call.
final class CallRecorder: CallObserver {
    private let session: String
    private let caller: String
    private let streamSid: String
    private let log: EventLog
    private let metrics: ServerMetrics
    private let audit: Audit
    private let logger: Logger
    /// How the stream ended.
    private enum Ending {
        case none
        case over
        /// The call may come back.
        case lost(LineLoss)
    }

    /// Whether the call may come back when its line is lost.
    private let isResumable: Bool
    private let ending = Mutex(Ending.none)
    /// Tools whose end has not been written.
    private let openTools = Mutex<[CutTool]>([])
    /// What is told of turns at level debug.
    private let notes = Mutex(TurnNotes())
    /// The newest words of the caller, or digits, that have had no answer.
    private let unanswered = Mutex<(turn: Int, text: String)?>(nil)

    /// Makes the recorder of a call's stream.
    init(
        session: String,
        caller: String,
        streamSid: String,
        isResumable: Bool,
        log: EventLog,
        metrics: ServerMetrics,
        audit: Audit,
        logger: Logger
    ) {
        self.session = session
        self.caller = caller
        self.streamSid = streamSid
        self.isResumable = isResumable
        self.log = log
        self.metrics = metrics
        self.audit = audit
        self.logger = logger
    }

    func observe(_ event: CallEvent) {
        if case .stopped(let reason) = event { endTools(reason: reason) }
        noteTools(event)
        metrics.observe(event)
        note(event)
        auditWords(of: event)
        switch event {
        case .active: break  // Written when the stream was claimed, before anything else could happen.
        case .stopped(let reason): end(reason)
        default: log.record(.event(session: session, event, at: Timestamp.now))
        }
    }

    /// How the line was lost after which the call may come back; nil where it is over.
    var loss: LineLoss? {
        ending.withLock { if case .lost(let loss) = $0 { loss } else { nil } }
    }

    /// Writes down the end of the stream, which is the end of the session unless the call may come back.
    private func end(_ reason: String) {
        let loss = isResumable ? LineLoss(rawValue: reason) : nil
        let isFirst = ending.withLock { ending in
            guard case .none = ending else { return false }
            ending = loss.map(Ending.lost) ?? .over
            return true
        }
        guard isFirst else { return }
        let at = Timestamp.now
        log.record(loss == nil ? .stop(session: session, reason: reason, at: at) : .interrupt(session: session, reason: reason, at: at))
    }

    /// Ends the tools that a cancelled call leaves running.
    ///
    /// A transfer goes on ringing, and its end is written once Twilio tells it.
    private func endTools(reason: String) {
        let isTransferring = reason == LineLoss.transferring.rawValue
        openTools.withLock { $0 }
            .filter { !(isTransferring && $0.use.call.name == BuiltInTool.transferCall.rawValue) }
            .forEach { observe($0.event) }
    }

    private func note(_ event: CallEvent) {
        guard logger.logLevel <= .debug, let line = notes.withLock({ $0.line(for: event) }) else { return }
        let fields = line.fields.merging(["session_id": session]) { own, _ in own }
        logger.debug("\(line.message)", metadata: fields.mapValues(Logger.MetadataValue.string))
    }

    private func noteTools(_ event: CallEvent) {
        switch event {
        case .toolCalled(let call, let turn):
            let outcome = ToolOutcome(.unknown, "the call ended before the tool answered")
            openTools.withLock { $0.append(CutTool(use: ToolUse(call, outcome: outcome), turn: turn, tookMs: 0)) }
        case .toolFinished(let use, _, _): openTools.withLock { $0.removeAll { $0.use.call.id == use.call.id } }
        default: break
        }
    }

    private func auditWords(of event: CallEvent) {
        switch event {
        case .final(let text, let turn, _, _), .keyed(let text, let turn):
            auditUnanswered()
            unanswered.withLock { $0 = (turn, text) }
        case .assistantText(let text, let turn), .assistantCut(let text, let turn):
            // What the agent says of its own accord, a greeting for example, has no question, and is the answer to none.
            auditTranscript(takeQuestion(of: turn) ?? "", response: text)
        case .stopped:
            auditUnanswered()
        case .commandAccepted(_, let command, by: .key):
            audit.record(.command("session.\(command.name)", session: session, outcome: "by a key"))
        case .toolCalled(let call, let turn):
            audit.record(.toolCalled(session: session, caller: caller, call, turn: turn))
        case .toolFinished(let use, let turn, let tookMs):
            audit.record(.toolFinished(session: session, caller: caller, use, turn: turn, tookMs: tookMs))
        case .error(let message, let stage):
            audit.record(.callFailure(session: session, caller: caller, stage: stage, message: message))
            logger.warning("Something failed in a call", metadata: ["session_id": "\(session)", "stage": "\(stage)", "error": "\(message)"])
        default:
            break
        }
    }

    /// Words that never got an answer, because the caller spoke on or hung up, are audited all the same.
    private func auditUnanswered() {
        if let question = takeQuestion() { auditTranscript(question, response: "") }
    }

    /// The caller's words that wait for an answer, those of one turn alone where one is named; they wait no longer.
    private func takeQuestion(of turn: Int? = nil) -> String? {
        unanswered.withLock { unanswered in
            guard let question = unanswered, turn == nil || question.turn == turn else { return nil }
            unanswered = nil
            return question.text
        }
    }

    private func auditTranscript(_ transcript: String, response: String) {
        audit.record(.transcript(session: session, caller: caller, stream: streamSid, transcript: transcript, response: response))
    }
}
