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
    /// Webhooks answered again for a session that exists.
    let repeatedWebhooks: Counter
    /// Messages on media sockets that could not be read.
    let badMessages: Counter
    /// Media frames whose sequence number did not follow the one before.
    let sequenceGaps: Counter
    /// Caller utterances recognised with words.
    let transcripts: Counter
    /// Interruptions of an answer by the caller.
    let bargeIns: Counter

    private let stages: [(name: String, timer: Timer, value: @Sendable (TurnMetrics) -> Int)]

    /// Registers the series with a factory.
    init(factory: any MetricsFactory) {
        self.factory = factory
        activeCalls = Gauge(label: "agentos_active_calls", factory: factory)
        sessions = Counter(label: "agentos_sessions_total", factory: factory)
        repeatedWebhooks = Counter(label: "agentos_webhooks_repeated_total", factory: factory)
        badMessages = Counter(label: "agentos_media_bad_messages_total", factory: factory)
        sequenceGaps = Counter(label: "agentos_media_sequence_gaps_total", factory: factory)
        transcripts = Counter(label: "agentos_transcripts_total", factory: factory)
        bargeIns = Counter(label: "agentos_barge_ins_total", factory: factory)
        let values: [(String, @Sendable (TurnMetrics) -> Int)] = [
            ("endpoint", { $0.endpointMs }), ("stt", { $0.sttMs }), ("chat_first_token", { $0.chatFirstTokenMs }),
            ("tts_first_audio", { $0.ttsFirstAudioMs }), ("response", { $0.responseMs }),
        ]
        stages = values.map { name, value in
            (name, Timer(label: "agentos_turn_seconds", dimensions: [("stage", name)], factory: factory), value)
        }
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
        case .turnMetrics(let metrics): stages.forEach { $0.timer.recordMilliseconds($0.value(metrics)) }
        case .error(_, let stage): Counter(label: "agentos_call_errors_total", dimensions: [("stage", stage)], factory: factory).increment()
        case .active, .stopped, .speechStarted, .speechStopped, .partial, .assistantText, .assistantHeard, .digit: break
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
    case protocolFault = "protocol"
    case badBearer = "bad_bearer"
    case tooLarge = "too_large"
}
