import Conversation
import Dispatch
import Synchronization

/// A call's home whose clock stands still until a test moves it.
final class VirtualHome: CallHome {
    private struct Alarm {
        var call: CallSession
        var momentMs: Int
    }

    private struct State {
        var nowMs = 1000
        var alarms: [Alarm] = []
    }

    private let queue = DispatchQueue(label: "virtual home")
    private let state = Mutex(State())

    var nowMs: Int { state.withLock { $0.nowMs } }

    /// How many alarms are set.
    var alarmCount: Int { state.withLock { $0.alarms.count } }

    func wake(_ call: CallSession, atMs momentMs: Int) {
        state.withLock { $0.alarms.append(Alarm(call: call, momentMs: momentMs)) }
        advance(ms: 0)
    }

    /// Moves the clock on and rings the alarms that are due then.
    func advance(ms: Int) {
        let due = state.withLock { state in
            state.nowMs += ms
            let due = state.alarms.filter { [nowMs = state.nowMs] in $0.momentMs <= nowMs }
            state.alarms.removeAll { [nowMs = state.nowMs] in $0.momentMs <= nowMs }
            return due.sorted { $0.momentMs < $1.momentMs }
        }
        for alarm in due { perform(on: alarm.call) { $0.wake(setForMs: alarm.momentMs) } }
    }

    /// Has a call do something on this executor, after all that it was to do before.
    func perform(on call: CallSession, _ body: @escaping @Sendable (isolated CallSession) -> Void) {
        queue.async { call.assumeIsolated(body) }
    }

    /// Returns once all that was to be done here is done.
    func finish() { queue.sync {} }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
