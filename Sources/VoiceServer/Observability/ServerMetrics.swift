import Conversation
import CoreMetrics
import Metrics

/// What the server counts and measures; labels never hold caller input.
struct ServerMetrics: Sendable {
    private let factory: any MetricsFactory

    /// Calls with an open stream.
    let activeCalls: Gauge
    /// Sessions made by webhooks.
    let sessions: Counter
    /// Streams opened for a call whose line was lost.
    let callReturns: Counter
    /// Whether the store takes what is written: 1 or 0.
    let storeUp: Gauge
    /// Changes that could never be written and were dropped.
    let droppedChanges: Counter
    /// Webhooks answered again for a session that exists.
    let repeatedWebhooks: Counter
    /// Requests to addresses or with methods that there are not.
    let notFound: Counter
    /// Messages on media sockets that could not be read.
    let badMessages: Counter
    /// Media frames whose sequence number did not follow the one before.
    let sequenceGaps: Counter
    /// Caller utterances recognised with words.
    let transcripts: Counter
    /// Interruptions of an answer by the caller.
    let bargeIns: Counter
    /// Answers that waited because the caller made a sound.
    let pauses: Counter
    /// Answers that went on after such a sound.
    let resumes: Counter
    /// Phrases said to callers who waited.
    let fillers: Counter

    /// Utterances that became no turn, by the reason.
    private let dismissals: [DismissalReason: Counter]
    private let callDuration: Timer
    /// Where the time of turns goes; a stage that is not known of a turn has one observation fewer.
    private let stages: [(timer: Timer, value: @Sendable (TurnMetrics) -> Int?)]

    /// Registers the series with a factory.
    init(factory: any MetricsFactory) {
        self.factory = factory
        activeCalls = Gauge(.activeCalls, factory: factory)
        sessions = Counter(.sessions, factory: factory)
        callReturns = Counter(.callReturns, factory: factory)
        storeUp = Gauge(.storeUp, factory: factory)
        storeUp.record(1)
        droppedChanges = Counter(.droppedChanges, factory: factory)
        repeatedWebhooks = Counter(.repeatedWebhooks, factory: factory)
        notFound = Counter(.notFound, factory: factory)
        badMessages = Counter(.badMessages, factory: factory)
        sequenceGaps = Counter(.sequenceGaps, factory: factory)
        transcripts = Counter(.transcripts, factory: factory)
        bargeIns = Counter(.bargeIns, factory: factory)
        pauses = Counter(.assistantPauses, factory: factory)
        resumes = Counter(.assistantResumes, factory: factory)
        fillers = Counter(.fillers, factory: factory)
        callDuration = Timer(.callDuration, factory: factory)
        let dismissed = DismissalReason.allCases.map { reason in
            (reason, Counter(.dismissedUtterances, [("reason", reason.rawValue)], factory: factory))
        }
        dismissals = Dictionary(uniqueKeysWithValues: dismissed)
        let values: [(String, @Sendable (TurnMetrics) -> Int?)] = [
            ("endpoint", { $0.endpointMs }), ("stt", { $0.sttMs }), ("chat_first_token", { $0.chatFirstTokenMs }),
            ("tts_first_audio", { $0.ttsFirstAudioMs }), ("response", { $0.responseMs }), ("wire", { $0.wireMs }), ("at_ear", { $0.atEarMs }),
        ]
        stages = values.map { name, value in
            (Timer(.turns, [("stage", name)], factory: factory), value)
        }
        // A rate needs a series before its first count.
        for cut in ConnectionCut.allCases { count(.connectionsCut, "reason", cut.rawValue, by: 0) }
        for reason in RefusalReason.allCases { count(.refusals, "reason", reason.rawValue, by: 0) }
        for stage in ["assistant", "engines", "stt", "tts", "vad"] { count(.callErrors, "stage", stage, by: 0) }
        for stage in TransferStep.Stage.allCases { count(.transferSteps, "stage", stage.rawValue, by: 0) }
        for name in CallCommand.names {
            for outcome in [ToolOutcome.Status.done, .failed, .cancelled] {
                Counter(.commands, [("command", name), ("outcome", outcome.rawValue)], factory: factory).increment(by: 0)
            }
        }
        for outcome in ToolOutcome.Status.allCases { _ = Timer(.tools, [("outcome", outcome.rawValue)], factory: factory) }
    }

    /// Makes the series of these agents, which will answer calls.
    func expectCalls(of agents: [String]) {
        for agent in Set(agents) {
            countTokens(agent, prompt: 0, completion: 0)
            for reason in EndedCall.usualReasons { Counter(.calls, EndedCall.labels(agent, reason), factory: factory).increment(by: 0) }
        }
    }

    /// Notes a connection that was closed against its peer's will.
    func cut(_ cut: ConnectionCut) {
        count(.connectionsCut, "reason", cut.rawValue)
    }

    /// Notes a refused webhook or socket.
    func refused(_ reason: RefusalReason) {
        count(.refusals, "reason", reason.rawValue)
    }

    /// Notes that a session has stopped; `event` is its last.
    func stopped(_ event: StoredEvent) {
        guard let call = EndedCall(event) else { return }
        Counter(.calls, EndedCall.labels(call.agent, call.reason), factory: factory).increment()
        callDuration.recordMicroseconds(call.microseconds)
    }

    /// Notes the tokens of an answer.
    func countTokens(_ agent: String, prompt: Int, completion: Int) {
        for (kind, amount) in [("prompt", prompt), ("completion", completion)] {
            Counter(.chatTokens, [("agent", agent), ("kind", kind)], factory: factory).increment(by: amount)
        }
    }

    private func count(_ family: MetricFamily, _ label: String, _ value: String, by amount: Int = 1) {
        Counter(family, [(label, value)], factory: factory).increment(by: amount)
    }

    /// Notes an event of a call.
    func observe(_ event: CallEvent) {
        switch event {
        case .final: transcripts.increment()
        case .bargeIn: bargeIns.increment()
        case .dismissed(_, _, let reason): dismissals[reason]?.increment()
        case .assistantPaused: pauses.increment()
        case .assistantResumed: resumes.increment()
        case .turnMetrics(let metrics):
            for stage in stages {
                if let milliseconds = stage.value(metrics) { stage.timer.recordMilliseconds(milliseconds) }
            }
        case .error(_, let stage): count(.callErrors, "stage", stage)
        case .assistantFiller: fillers.increment()
        case .toolFinished(let use, _, let tookMs):
            // The outcome alone is a label: names come from the operator, but a model may make some up.
            let outcome = use.outcome?.status.rawValue ?? ""
            Timer(.tools, [("outcome", outcome)], factory: factory).recordMilliseconds(tookMs)
        case .transfer(let step): count(.transferSteps, "stage", step.stage.rawValue)
        case .commandFinished(_, let name, let outcome):
            Counter(.commands, [("command", name), ("outcome", outcome.status.rawValue)], factory: factory).increment()
        case .active, .stopped, .speechStarted, .speechStopped, .partial, .assistantText, .assistantCut, .assistantHeard, .digit, .keyed, .toolCalled,
            .commandAccepted, .holdStarted, .holdEnded, .muteChanged:
            break
        }
    }
}

/// Why a request was turned away, as a metric label and in the log.
enum RefusalReason: String, Sendable, CaseIterable {
    case badSignature = "bad_signature"
    case badParameters = "bad_parameters"
    case unknownSession = "unknown_session"
    case sessionEnded = "session_ended"
    case sessionBusy = "session_busy"
    case badToken = "bad_token"
    case draining
    case storeFailing = "store_failing"
    case protocolFault = "protocol"
    case badBearer = "bad_bearer"
    case tooLarge = "too_large"
    /// The caller is on the operator's list of those who are never let in.
    case blocked
    /// The caller is not on the operator's list of those who alone are let in.
    case notAllowed = "not_allowed"
    /// The caller has called too often within the hour.
    case callerLimit = "caller_limit"
    /// There have been too many calls within the minute.
    case rateLimit = "rate_limit"
    /// Too many calls are running.
    case concurrentCalls = "concurrent_calls"
    /// Running calls suffer.
    case overloaded
}
