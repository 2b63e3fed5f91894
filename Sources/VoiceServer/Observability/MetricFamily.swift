import CoreMetrics

/// The families of series on `/metrics`: what each is called and what it means.
///
/// A new metric is a new case; the registry takes its help text and buckets from here.
enum MetricFamily: String, CaseIterable, Sendable {
    case activeCalls = "agentos_active_calls"
    case assistantPauses = "agentos_assistant_pauses_total"
    case assistantResumes = "agentos_assistant_resumes_total"
    case auditFailing = "agentos_audit_failing"
    case auditLost = "agentos_audit_lost_total"
    case auditRecords = "agentos_audit_records_total"
    case bargeIns = "agentos_barge_ins_total"
    case buildInfo = "agentos_build_info"
    case callDuration = "agentos_call_duration_seconds"
    case callErrors = "agentos_call_errors_total"
    case callReturns = "agentos_call_returns_total"
    case calls = "agentos_calls_total"
    case chatTokens = "agentos_chat_tokens_total"
    case commands = "agentos_commands_total"
    case connectionsCut = "agentos_connections_cut_total"
    case fillers = "agentos_fillers_total"
    case notFound = "agentos_http_not_found_total"
    case httpRequests = "agentos_http_requests_total"
    case badMessages = "agentos_media_bad_messages_total"
    case sequenceGaps = "agentos_media_sequence_gaps_total"
    case overloaded = "agentos_overloaded"
    case playoutLateness = "agentos_playout_lateness_seconds"
    case redisUp = "agentos_redis_up"
    case refusals = "agentos_refusals_total"
    case serviceFailures = "agentos_service_failures_total"
    case sessions = "agentos_sessions_total"
    case droppedChanges = "agentos_store_dropped_changes_total"
    case storeUp = "agentos_store_up"
    case sttFailures = "agentos_stt_failures_total"
    case sttPreviews = "agentos_stt_previews_total"
    case sttProcessing = "agentos_stt_processing_seconds"
    case sttQueueLength = "agentos_stt_queue_length"
    case sttQueueWait = "agentos_stt_queue_wait_seconds"
    case tools = "agentos_tool_seconds"
    case transcripts = "agentos_transcripts_total"
    case transferSteps = "agentos_transfer_steps_total"
    case turns = "agentos_turn_seconds"
    case dismissedUtterances = "agentos_utterances_dismissed_total"
    case repeatedWebhooks = "agentos_webhooks_repeated_total"
    case processCPU = "process_cpu_seconds_total"
    case processMaxDescriptors = "process_max_fds"
    case processOpenDescriptors = "process_open_fds"
    case processResidentMemory = "process_resident_memory_bytes"
    case processStart = "process_start_time_seconds"
    case processVirtualMemory = "process_virtual_memory_bytes"

    /// What `# HELP` says: one line.
    var help: String {
        switch self {
        case .activeCalls: "Calls with an open stream."
        case .assistantPauses: "Answers that paused because the caller made a sound."
        case .assistantResumes: "Answers that resumed after a pause."
        case .auditFailing: "Whether the audit trail cannot be written: 1 or 0."
        case .auditLost: "Audit records that were lost because the disk refused them."
        case .auditRecords: "Audit records written."
        case .bargeIns: "Answers cut short by the caller."
        case .buildInfo: "Version and commit of the running program; always 1."
        case .callDuration: "How long calls took, from the first webhook to the end."
        case .callErrors: "Failures in calls that went on, by stage."
        case .callReturns: "Streams opened for calls whose line was lost."
        case .calls: "Calls that have ended, by agent and stop reason."
        case .chatTokens: "Tokens of chat requests, by agent and kind, as far as the service counts them."
        case .commands: "Commands on live calls that have ended, by command and outcome."
        case .connectionsCut: "Connections closed against their peer's will, by reason."
        case .fillers: "Phrases said to callers who waited for an answer."
        case .notFound: "Requests answered 404 or 405."
        case .httpRequests: "HTTP requests answered, by route, method and class of status."
        case .badMessages: "Messages on media sockets that could not be read."
        case .sequenceGaps: "Media messages that did not follow the one before."
        case .overloaded: "Whether new calls are refused because running ones suffer: 1 or 0."
        case .playoutLateness: "How late the ticks came at which calls are woken and audio is sent."
        case .redisUp: "Whether Redis has all that this server knows: 1 or 0."
        case .refusals: "Requests, streams and calls refused, by reason."
        case .serviceFailures: "Failures of speech services for which the local engine stood in, by stage."
        case .sessions: "Sessions made by webhooks."
        case .droppedChanges: "Changes that the store could never write and that were dropped."
        case .storeUp: "Whether the store can be written to: 1 or 0."
        case .sttFailures: "Utterances that could not be transcribed."
        case .sttPreviews: "Interim transcripts, by outcome."
        case .sttProcessing: "How long the recogniser worked on an utterance."
        case .sttQueueLength: "Utterances that wait for a recogniser."
        case .sttQueueWait: "How long an utterance waited for a recogniser."
        case .tools: "How long tools ran, by outcome."
        case .transcripts: "Utterances transcribed with words."
        case .transferSteps: "Steps of calling somebody else for a caller, by stage."
        case .turns: "Where the time of a turn went, by stage."
        case .dismissedUtterances: "Utterances that became no turn, by reason."
        case .repeatedWebhooks: "Webhooks answered again for a session that exists."
        case .processCPU: "User and system CPU time spent."
        case .processMaxDescriptors: "Most file descriptors that may be open."
        case .processOpenDescriptors: "Open file descriptors."
        case .processResidentMemory: "Resident memory size."
        case .processStart: "Start time of the process since the Unix epoch."
        case .processVirtualMemory: "Virtual memory size."
        }
    }

    /// Upper bounds of a histogram's buckets, in seconds: from a barge-in to a stalled service, or the length of calls.
    var buckets: [Double] {
        switch self {
        case .callDuration: [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400]
        default: Self.usualBuckets
        }
    }

    /// The buckets of durations within a call.
    static let usualBuckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2.5, 5, 10]
}

extension Counter {
    /// Makes a series of a family.
    convenience init(_ family: MetricFamily, _ labels: [(String, String)] = [], factory: any MetricsFactory) {
        self.init(label: family.rawValue, dimensions: labels, factory: factory)
    }
}

extension Gauge {
    /// Makes a series of a family.
    convenience init(_ family: MetricFamily, _ labels: [(String, String)] = [], factory: any MetricsFactory) {
        self.init(label: family.rawValue, dimensions: labels, factory: factory)
    }
}

extension Timer {
    /// Makes a histogram of a family.
    convenience init(_ family: MetricFamily, _ labels: [(String, String)] = [], factory: any MetricsFactory) {
        self.init(label: family.rawValue, dimensions: labels, factory: factory)
    }
}
