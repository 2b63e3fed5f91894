import Synchronization
import Twilio

/// A call's clock and its report in the making; each event is kept and told to the observer.
final class CallLog: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let observer: @Sendable (TwinEvent) -> Void
    private let report: Mutex<TwinCallReport>

    /// Starts the call's clock.
    init(callSid: String, clock: any Clock<Duration>, observer: @escaping @Sendable (TwinEvent) -> Void) {
        elapsed = Self.stopwatch(clock)
        self.observer = observer
        report = Mutex(TwinCallReport(callSid: callSid))
    }

    /// Milliseconds since the call began.
    var nowMs: Int { elapsed().milliseconds }

    /// The report so far.
    var current: TwinCallReport { report.withLock { $0 } }

    /// Keeps an event and tells it.
    func record(_ kind: TwinEvent.Kind) {
        let event = TwinEvent(atMs: nowMs, kind: kind)
        report.withLock { Self.apply(event, to: &$0) }
        observer(event)
    }

    /// Keeps a fault and tells it.
    func fault(_ code: Int, _ message: String) { record(.fault(TwilioFault(code: code, message: message))) }

    /// Adds what a stream left behind.
    func add(_ stream: TwinStream, ending: StreamEnding) {
        report.withLock { $0.add(stream, ending: ending) }
        record(.streamEnded(ending))
    }

    private static func apply(_ event: TwinEvent, to report: inout TwinCallReport) {
        switch event.kind {
        case .webhookAnswered(_, _, let afterMs): report.webhookAnsweredMs = report.webhookAnsweredMs ?? afterMs
        case .streamConnected: report.streamConnectedMs = report.streamConnectedMs ?? event.atMs
        case .verb(let verb): report.verbs.append(verb)
        case .fault(let fault): report.faults.append(fault)
        case .failure(let failure): report.failures.append(failure)
        case .streamEnded(let ending): report.streams.append(ending)
        case .callEnded(let ending):
            report.ending = ending
            report.durationMs = event.atMs
        case .dialed(let party, let outcome) where outcome.isBridged: report.transfers.append(party)
        case .leg(let leg): report.apply(leg, atMs: event.atMs)
        case .keysSent(let digits): report.keysSent.append(digits)
        case .webhookRetried, .updated, .dialed, .callerSpeaks, .callerFinished, .callerPressed, .callerGaveUp, .agentSpeaks, .agentQuiet,
            .markReturned, .cleared,
            .serverEvent:
            break
        }
    }

    private static func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
