import Conversation
import CoreMetrics
import Crypto
import Diagnostics
import Foundation
import Logging
import Twilio

/// Knows every call of this server: lets webhooks and streams in, or says why not.
///
/// ```
///  webhook ─▶ created ─▶ live (a stream is open) ─▶ stopped
///                          │  ▲
///               line lost  ▼  │ Twilio comes back: claim
///                        awaited ─▶ stopped, when nobody came within the grace
/// ```
actor CallDirectory {
    /// A session that a webhook asked for.
    struct Admitted: Sendable {
        var session: SessionRecord
        /// Proves to the socket that its stream comes from the TwiML given for this session.
        var token: String
    }

    /// What a webhook comes to.
    enum Admission: Sendable {
        case admitted(Admitted)
        /// The call is over; nothing is resurrected.
        case ended(wasLost: Bool)
        /// New calls are turned away because the server is about to stop.
        case draining
        /// The call goes on, but not on this server, which is about to stop.
        case comeBack
        /// Nothing can be written down.
        case storeFailing
        /// The policy turns the caller away.
        case refused(RefusalReason)
    }

    /// A call with an open stream.
    struct Live {
        /// Whether its socket has been heard of late.
        var isHeard: @Sendable () -> Bool
        var end: @Sendable (String) -> Void
        /// The call itself, once it has begun.
        var call: CallSession?
        /// Set while the stream has ended and the last words are still being recognised.
        var hasStopped = false
        /// Why the call was ended from elsewhere, if it was; one whose stream was closing already hears nothing of it.
        var endReason: String?
    }

    /// How long a stream may take to make room for the one that replaces it.
    static let handoverPatience = Duration.seconds(5)

    /// How long a session that another server has made may take to be known here, and how often it is looked for.
    static let newsPatience = Duration.seconds(2)
    private static let newsPause = Duration.milliseconds(100)

    let log: EventLog
    let logger: Logger
    let audit: Audit
    let metrics: ServerMetrics
    private let assign: @Sendable (_ number: String) -> CallAssignment
    private let tokens: StreamTokens
    let resumeGrace: Duration
    private let desk: AdmissionDesk
    /// Twilio's REST API; nil without credentials.
    let telephony: (any CallControl)?
    /// Calls people for callers; nil without ``telephony``.
    let transfers: TransferDesk?
    private var arrivals = Arrivals()
    /// Who decides which server holds a session; nil where there is one server alone.
    let ownership: (any SessionOwnership)?
    var live: [String: Live] = [:]
    var awaited = AwaitedCalls()
    /// Sessions whose callers are being brought back from a transfer.
    var returning: Set<String> = []
    /// Sessions of which is being written down what came of a transfer.
    var concluding: Set<String> = []
    /// Sessions whose streams end because another server takes them: here nobody waits for their calls.
    var yielding: Set<String> = []
    var changeWatchers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var watcherCount = 0
    /// Whether new calls are turned away because the server is about to stop.
    private(set) var isDraining = false

    /// Makes an empty directory.
    ///
    /// A new call is for whom `assign` says, stream tokens are derived from `secret`, a call whose line was lost is waited for as long as `resumeGrace`, and `desk` judges new calls.
    /// Where there are several servers, `ownership` decides which of them holds a session.
    init(
        log: EventLog,
        secret: String,
        assign: @escaping @Sendable (_ number: String) -> CallAssignment,
        desk: AdmissionDesk,
        resumeGrace: Duration,
        ownership: (any SessionOwnership)? = nil,
        telephony: (any CallControl)? = nil,
        transfers: TransferDesk? = nil,
        metrics: ServerMetrics,
        audit: Audit,
        logger: Logger
    ) {
        self.desk = desk
        self.log = log
        self.assign = assign
        self.resumeGrace = resumeGrace
        self.ownership = ownership
        self.telephony = telephony
        self.transfers = transfers
        self.metrics = metrics
        self.audit = audit
        self.logger = logger
        tokens = StreamTokens(secret: secret)
    }

    /// How many calls have an open stream.
    var liveCount: Int { live.count }

    /// Finds or makes the session of a call.
    func admit(_ call: InboundCallRequest) async throws -> Admission {
        let id = "twilio-\(call.callSid)"
        if let known = try await log.store.session(id) { return admit(await settled(known)) }
        guard !isDraining else { return .draining }
        guard log.isWriting else { return .storeFailing }
        let arrival = arrivals.enter(id, caller: CallerKey.key(of: call.from))
        defer { arrivals.leave(id) }
        if let reason = try await desk.refusal(of: arrival, store: log.store) { return .refused(reason) }
        let assignment = assign(call.to)
        var new = SessionRecord(
            id: id,
            callID: call.callSid,
            from: call.from,
            to: call.to,
            sttProvider: assignment.sttProvider,
            createdAt: Timestamp.now
        )
        new.projectID = assignment.project
        new.agent = assignment.agent
        // Two webhooks of one call may race; the store lets one of them make the session.
        let isNew = try await log.commit(.create(new)) != nil
        guard let session = try await log.store.session(id) else { throw DirectoryError.vanished(id) }
        if isNew {
            metrics.sessions.increment()
            audit.record(.sessionCreated(session: id, call: call.callSid, from: call.from, to: call.to))
        }
        return .admitted(Admitted(session: session, token: tokens.next(for: session)))
    }

    func admit(_ known: SessionRecord) -> Admission {
        guard known.state != .stopped else { return .ended(wasLost: known.stopReason.flatMap(LineLoss.init) != nil) }
        guard live[known.id]?.hasStopped != true else { return .ended(wasLost: false) }
        guard !isDraining else { return known.streamCount > 0 ? .comeBack : .draining }
        metrics.repeatedWebhooks.increment()
        return .admitted(Admitted(session: known, token: tokens.next(for: known)))
    }

    /// A session as it is once its stream, where that is over, has been written down: only then is it known whether the call is.
    func settled(_ known: SessionRecord) async -> SessionRecord {
        guard isFinishing(known.id) else { return known }
        await waitUntilFree(known.id, within: Self.handoverPatience)
        guard await log.isDurable(known) else { return known }
        return (try? await log.store.session(known.id)) ?? known
    }

    /// Whether a session has an open stream, or one whose last words are still being looked for.
    func isLive(_ id: String) -> Bool { live[id] != nil }

    /// Whether a session's stream is over and its last words are still being looked for.
    func isFinishing(_ id: String) -> Bool { live[id]?.hasStopped == true }

    /// Whether a socket may be opened for a session: its record, or why not.
    func mayConnect(_ id: String) async throws -> Result<SessionRecord, Refusal> {
        guard !isDraining else { return .failure(Self.draining) }
        // The end of a stream that has just closed may still be waiting to be written.
        await log.settle()
        guard let session = try await find(id) else { return .failure(Refusal(.unknownSession, "session \(id) is unknown")) }
        guard session.state != .stopped, live[id]?.hasStopped != true else { return .failure(Self.ended(id)) }
        // A stream that is still heard is never replaced, so that a replayed handshake takes nothing from a running call.
        guard live[id]?.isHeard() != true else { return .failure(Self.busy(id)) }
        return .success(session)
    }

    /// Finds a session.
    ///
    /// With several servers it waits for one that another has only just made.
    private func find(_ id: String) async throws -> SessionRecord? {
        let deadline = ContinuousClock.now + Self.newsPatience
        while true {
            if let session = try await log.store.session(id) { return session }
            guard ownership != nil, ContinuousClock.now < deadline else { return nil }
            try await Task.sleep(for: Self.newsPause)
        }
    }

    /// Gives a session's stream to a socket whose `start` has come; from then on no other socket gets it.
    ///
    /// - Parameters:
    ///   - session: the session as the handshake found it.
    ///   - streamSid: the stream's id.
    ///   - token: what `start` carried, if anything.
    ///   - isTokenRequired: whether a stream without a token is refused.
    ///   - isHeard: whether the socket has been heard of late.
    ///   - end: ends the call, saying why.
    /// - Returns: the session as it now is, or why it is refused.
    /// - Throws: what kept the store from being read or written.
    func claim(
        _ session: SessionRecord,
        streamSid: String,
        token: String?,
        isTokenRequired: Bool,
        isHeard: @escaping @Sendable () -> Bool,
        end: @escaping @Sendable (String) -> Void
    ) async throws -> Result<SessionRecord, Refusal> {
        guard !isDraining else { return .failure(Self.draining) }
        // Before anything is taken from a stream that is there, the token must be good.
        if let refusal = try await check(session.id, token: token, isTokenRequired: isTokenRequired) { return .failure(refusal) }
        guard await makeRoom(for: session.id) else { return .failure(Self.busy(session.id)) }
        // Reserved before the store is asked again, so that of two sockets one is first.
        live[session.id] = Live(isHeard: isHeard, end: end)
        do {
            guard try await acquire(session.id) else {
                free(session.id)
                return .failure(Self.busy(session.id))
            }
            if let refusal = try await check(session.id, token: token, isTokenRequired: isTokenRequired) {
                free(session.id)
                return .failure(refusal)
            }
            let activation = StoreChange.activate(session: session.id, streamID: streamSid, at: Timestamp.now)
            guard try await log.commit(activation) != nil else {
                free(session.id)
                return .failure(Self.ended(session.id))
            }
            if token == nil {
                logger.warning("A stream without a token was let in because webhooks are open", metadata: ["session_id": "\(session.id)"])
            }
            awaited.remove(session.id)
            returning.remove(session.id)
            metrics.activeCalls.record(live.count)
            // The stream is open, whatever keeps the store from being read.
            if let stored = try? await log.store.session(session.id) { return .success(stored) }
            var activated = session
            _ = activated.take(activation)
            return .success(activated)
        } catch {
            free(session.id)
            throw error
        }
    }

    /// Notes that a stream has ended for good although its call is still being finished.
    func streamStopped(_ id: String) async {
        live[id]?.hasStopped = true
        await transfers?.callerLeft(id)
    }

    /// Frees a session's stream; with a loss its call may come back for a while.
    func release(_ id: String, after loss: LineLoss? = nil) async {
        let endReason = live[id]?.endReason
        let isYielded = yielding.contains(id)
        free(id)
        guard let loss, !isYielded else { return }
        wait(for: id, after: loss)
        guard let endReason else { return }
        do {
            _ = try await endHere(id, reason: endReason)
        } catch {
            logger.error("The end of a call could not be written down", metadata: ["session_id": "\(id)", "error": "\(ErrorText.of(error))"])
        }
    }

    private func free(_ id: String) {
        live[id] = nil
        yielding.remove(id)
        metrics.activeCalls.record(live.count)
        changeWatchers.values.forEach { $0.yield() }
    }

    /// Ends a call, wherever its stream is: its stream, or its session when it has none.
    ///
    /// - Returns: whether there was anything to end.
    /// - Throws: what kept the store from being written, or the server that holds it from answering.
    func end(_ id: String, reason: String) async throws -> Bool {
        if live[id] == nil, let isDone = try await ownership?.end(id, reason: reason) { return isDone }
        return try await endHere(id, reason: reason)
    }

    func endHere(_ id: String, reason: String) async throws -> Bool {
        if let call = live[id] {
            live[id]?.endReason = reason
            call.end(reason)
            return true
        }
        let loss = awaited.loss(of: id)
        awaited.remove(id)
        if loss == .transferring {
            await concludeTransfer(of: id, ToolOutcome(.unknown, "the call ended before Twilio said whether anybody had answered"))
        }
        return try await stop(id, reason: reason)
    }

    /// Turns new calls away from now on.
    func drain() {
        isDraining = true
    }

    /// Returns once no call has a stream, or when the task is cancelled.
    func waitUntilIdle() async {
        await wait { live.isEmpty }
    }

    /// Ends every call.
    func endAll(_ loss: LineLoss) {
        live.values.forEach { $0.end(loss.rawValue) }
    }
}

// MARK: - One stream after the other

extension CallDirectory {
    /// Ends a stream whose socket is dead, so that another can take its place; false when it is not dead, or does not end.
    func makeRoom(for id: String) async -> Bool {
        guard let call = live[id] else { return true }
        guard !call.isHeard(), !call.hasStopped else { return false }
        call.end(LineLoss.streamSuperseded.rawValue)
        await waitUntilFree(id, within: Self.handoverPatience)
        // Another socket may have been quicker.
        return live[id] == nil
    }

    func waitUntilFree(_ id: String, within patience: Duration) async {
        await wait(within: patience) { await self.waitUntilFree(id) }
    }

    func wait(within patience: Duration, for change: @escaping @Sendable () async -> Void) async {
        await withTaskGroup { group in
            group.addTask { await change() }
            group.addTask { _ = try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitUntilFree(_ id: String) async {
        await wait { live[id] == nil }
    }

    func wait(until isMet: () -> Bool) async {
        let (changes, watcher) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        watcherCount += 1
        let key = watcherCount
        changeWatchers[key] = watcher
        defer { changeWatchers[key] = nil }
        guard !isMet() else { return }
        for await _ in changes where isMet() { return }
    }

    /// Why a stream with this token may not begin; nil when it may.
    private func check(_ id: String, token given: String?, isTokenRequired: Bool) async throws -> Refusal? {
        guard let current = try await log.store.session(id), current.state != .stopped else { return Self.ended(id) }
        switch given {
        case nil where isTokenRequired: return Refusal(.badToken, "start carries no stream token")
        case nil: return nil
        case let given? where !ConstantTime.areEqual(given, tokens.next(for: current)):
            return Refusal(.badToken, "the stream token is wrong or was used before")
        default: return nil
        }
    }

    private static let draining = Refusal(.draining, "the server is stopping")
    private static func ended(_ id: String) -> Refusal { Refusal(.sessionEnded, "session \(id) has ended") }
    private static func busy(_ id: String) -> Refusal { Refusal(.sessionBusy, "session \(id) has a stream already") }
}

/// A fault inside the directory.
enum DirectoryError: Error, CustomStringConvertible {
    case vanished(String)

    var description: String {
        switch self {
        case .vanished(let id): "session \(id) was written and is not there"
        }
    }
}
