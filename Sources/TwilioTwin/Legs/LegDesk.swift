import Synchronization
import Twilio

/// The calls to others while a simulated call lasts: places them, runs them, and waits for them or ends them.
///
/// ```
///  <Dial> ───────────┐                      ┌─▶ LegProgress: rings, runs its document, tells its callbacks
///                    ├─▶ LegDesk ── serve ──┤
///  POST /Calls.json ─┘                      └─▶ CallbackPump, one a leg, and one for conferences
/// ```
/// Everything runs in the task of ``serve()``, so that none of it outlives the simulated call.
final class LegDesk: Sendable {
    private typealias Job = @Sendable () async -> Void

    private struct State {
        var callees: [Callee]
        /// Calls that are not over.
        var active = 0
        /// No call is placed any more.
        var isClosed = false
        /// When calls must be over; nil while the caller's lasts.
        var deadlineMs: Int?
    }

    let server: CallServer
    let line: CallLine
    let rooms: ConferenceRooms
    let conferenceCallbacks: CallbackPump
    private let state: Mutex<State>
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation

    init(server: CallServer, line: CallLine) {
        self.server = server
        self.line = line
        rooms = server.configuration.rest?.rooms ?? ConferenceRooms()
        conferenceCallbacks = CallbackPump(server)
        state = Mutex(State(callees: server.configuration.callees))
        (jobs, queue) = AsyncStream.makeStream(of: Job.self)
    }

    var configuration: TwinCallConfiguration { server.configuration }
    var log: CallLog { server.log }

    /// Whether calls may last longer.
    var mayGoOn: Bool {
        let nowMs = log.nowMs
        return nowMs < configuration.maximumSeconds * 1000 && state.withLock { $0.deadlineMs.map { nowMs < $0 } ?? true }
    }

    /// Runs what is placed, until ``close()``.
    func serve() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.conferenceCallbacks.run() }
            for await job in jobs { group.addTask { await job() } }
        }
    }

    /// Runs something beside the calls.
    func start(_ work: @escaping @Sendable () async -> Void) { queue.yield(work) }

    /// Calls somebody; nil where no call can be placed any more.
    func place(to: String, from: String, parentCallSid: String?, plan: LegPlan) -> Leg? {
        let callee: Callee? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.active += 1
            return state.callees.count > 1 ? state.callees.removeFirst() : state.callees.first ?? .noAnswer
        }
        guard let callee else { return nil }
        let leg = Leg(to: to, from: from, parentCallSid: parentCallSid, callee: callee, log: log)
        configuration.rest?.enter(leg)
        let pump = CallbackPump(server)
        start { await pump.run() }
        start {
            await LegProgress(leg: leg, plan: plan, desk: self, callbacks: pump).run()
            pump.finish()
            self.state.withLock { $0.active -= 1 }
        }
        return leg
    }

    /// Places a call for the server.
    func place(_ creation: CallCreation) -> Leg? {
        if let words = creation.statusCallbackEvents.first(where: { !TwiML.Dial.Leg.events.contains($0) }) {
            log.fault(TwilioFault.unknownCallbackEvent, "StatusCallbackEvent is \(OneLine(words)): no callback is sent")
        }
        return place(
            to: creation.to,
            from: creation.from,
            parentCallSid: nil,
            plan: LegPlan(creation, queueMs: configuration.queueMs)
        )
    }

    /// The caller's call is over: waits for the others, for as long as the configuration allows, and takes no more.
    func close() async {
        let nowMs = log.nowMs
        state.withLock { $0.deadlineMs = nowMs + configuration.lingerSeconds * 1000 }
        while !closeIfIdle(), await server.tick() {}
        state.withLock { $0.isClosed = true }
        conferenceCallbacks.finish()
        queue.finish()
    }

    private func closeIfIdle() -> Bool {
        state.withLock { state in
            state.isClosed = state.active == 0
            return state.isClosed
        }
    }
}
