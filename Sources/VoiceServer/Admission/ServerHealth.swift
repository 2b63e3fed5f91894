import Conversation
import CoreMetrics
import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// Watches how punctual the calls' loops are and how long utterances wait, and says when new calls must be refused.
final class ServerHealth: Service {
    private let overload: Mutex<Overload>
    private let gate: EngineGate
    private let logger: Logger
    private let lateness: Timer
    private let queueLength: Gauge
    private let overloaded: Gauge

    /// Makes a watch whose recognition queue is that of the engines behind `gate`.
    init(limits: Overload.Limits, gate: EngineGate, factory: any MetricsFactory, logger: Logger) {
        overload = Mutex(Overload(limits: limits))
        self.gate = gate
        self.logger = logger
        lateness = Timer(.playoutLateness, factory: factory)
        queueLength = Gauge(.sttQueueLength, factory: factory)
        overloaded = Gauge(.overloaded, factory: factory)
    }

    /// Whether running calls suffer.
    var isOverloaded: Bool { overload.withLock { $0.cause != nil } }

    /// A tick of a call loop came this late, and with it the audio that was due.
    func noteTick(lateMs: Int) {
        lateness.recordMilliseconds(lateMs)
        overload.withLock { $0.noteTick(lateMs: lateMs) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                self.endSecond(await self.gate.engines?.transcriber.backlog ?? TranscriptionBacklog())
            }
        }
    }

    /// A second is over: decides anew.
    func endSecond(_ backlog: TranscriptionBacklog) {
        queueLength.record(backlog.waiting)
        let (hasChanged, cause) = overload.withLock { overload in
            (overload.endSecond(queueWaitMs: Int(backlog.oldestWait / .milliseconds(1))), overload.cause)
        }
        overloaded.record(cause == nil ? 0 : 1)
        guard hasChanged else { return }
        if let cause {
            logger.warning(
                "New calls are refused because running ones suffer: run fewer calls, more cores or a smaller model",
                metadata: ["cause": "\(cause.rawValue)", "utterances_waiting": "\(backlog.waiting)"]
            )
        } else {
            logger.notice("Calls are taken again")
        }
    }
}
