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
    /// Where the time of turns goes; a stage that is not known of a turn has one observation fewer.
    private let stages: [(timer: Timer, value: @Sendable (TurnMetrics) -> Int?)]

    /// Registers the series with a factory.
    init(factory: any MetricsFactory) {
        self.factory = factory
        activeCalls = Gauge(label: "agentos_active_calls", factory: factory)
        sessions = Counter(label: "agentos_sessions_total", factory: factory)
        callReturns = Counter(label: "agentos_call_returns_total", factory: factory)
        storeUp = Gauge(label: "agentos_store_up", factory: factory)
        storeUp.record(1)
        droppedChanges = Counter(label: "agentos_store_dropped_changes_total", factory: factory)
        repeatedWebhooks = Counter(label: "agentos_webhooks_repeated_total", factory: factory)
        notFound = Counter(label: "agentos_http_not_found_total", factory: factory)
        badMessages = Counter(label: "agentos_media_bad_messages_total", factory: factory)
        sequenceGaps = Counter(label: "agentos_media_sequence_gaps_total", factory: factory)
        transcripts = Counter(label: "agentos_transcripts_total", factory: factory)
        bargeIns = Counter(label: "agentos_barge_ins_total", factory: factory)
        pauses = Counter(label: "agentos_assistant_pauses_total", factory: factory)
        resumes = Counter(label: "agentos_assistant_resumes_total", factory: factory)
        fillers = Counter(label: "agentos_fillers_total", factory: factory)
        let dismissed = DismissalReason.allCases.map { reason in
            (reason, Counter(label: "agentos_utterances_dismissed_total", dimensions: [("reason", reason.rawValue)], factory: factory))
        }
        dismissals = Dictionary(uniqueKeysWithValues: dismissed)
        let values: [(String, @Sendable (TurnMetrics) -> Int?)] = [
            ("endpoint", { $0.endpointMs }), ("stt", { $0.sttMs }), ("chat_first_token", { $0.chatFirstTokenMs }),
            ("tts_first_audio", { $0.ttsFirstAudioMs }), ("response", { $0.responseMs }), ("wire", { $0.wireMs }), ("at_ear", { $0.atEarMs }),
        ]
        stages = values.map { name, value in
            (Timer(label: "agentos_turn_seconds", dimensions: [("stage", name)], factory: factory), value)
        }
    }

    /// Notes a connection that was closed against its peer's will.
    func cut(_ cut: ConnectionCut) {
        Counter(label: "agentos_connections_cut_total", dimensions: [("reason", cut.rawValue)], factory: factory).increment()
    }

    /// Notes a refused webhook or socket.
    func refused(_ reason: RefusalReason) {
        Counter(label: "agentos_refusals_total", dimensions: [("reason", reason.rawValue)], factory: factory).increment()
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
        case .error(_, let stage): Counter(label: "agentos_call_errors_total", dimensions: [("stage", stage)], factory: factory).increment()
        case .assistantFiller: fillers.increment()
        case .toolFinished(let use, _, let tookMs):
            // The outcome alone is a label: names come from the operator, but a model may make some up.
            let outcome = use.outcome?.status.rawValue ?? ""
            Timer(label: "agentos_tool_seconds", dimensions: [("outcome", outcome)], factory: factory).recordMilliseconds(tookMs)
        case .active, .stopped, .speechStarted, .speechStopped, .partial, .assistantText, .assistantCut, .assistantHeard, .digit, .keyed, .toolCalled:
            break
        }
    }
}

/// Why a request was turned away, as a metric label and in the log.
enum RefusalReason: String, Sendable {
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
