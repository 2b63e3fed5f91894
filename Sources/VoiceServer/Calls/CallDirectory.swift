import CoreMetrics
import Conversation
import Crypto
import Foundation
import Logging
import Twilio

/// Knows every call of this server: lets webhooks and streams in, or says why not.
actor CallDirectory {
    /// A session that a webhook asked for.
    struct Admitted: Sendable {
        var session: SessionRecord
        /// Proves to the socket that its stream comes from the TwiML given for this session.
        var token: String
        /// Whether this webhook made the session.
        var isNew: Bool
    }

    /// What a webhook comes to.
    enum Admission: Sendable {
        case admitted(Admitted)
        /// The call is over; nothing is resurrected.
        case ended(wasLost: Bool)
        case draining
    }

    /// A call with an open stream.
    private struct Live {
        var end: @Sendable (String) -> Void
        /// Set while the stream has ended and the last words are still being recognised.
        var ending: Ending?
    }

    /// How a stream ended.
    enum Ending: Sendable {
        /// The other side said so.
        case stopped
        /// The socket broke.
        case lost
    }

    private let log: EventLog
    private let logger: Logger
    private let metrics: ServerMetrics
    private let sttProvider: String
    private let tokenKey: SymmetricKey
    private var live: [String: Live] = [:]
    private var changeWatchers: [AsyncStream<Void>.Continuation] = []
    /// Whether new calls are turned away because the server is about to stop.
    private(set) var isDraining = false

    /// Makes an empty directory; stream tokens are derived from `secret`.
    init(log: EventLog, secret: String, sttProvider: String, metrics: ServerMetrics, logger: Logger) {
        self.log = log
        self.sttProvider = sttProvider
        self.metrics = metrics
        self.logger = logger
        tokenKey = SymmetricKey(data: SHA256.hash(data: Data("stream tokens of \(secret)".utf8)))
    }

    /// How many calls have an open stream.
    var liveCount: Int { live.count }

    /// Finds or makes the session of a call.
    func admit(_ call: InboundCallRequest) async throws -> Admission {
        let id = "twilio-\(call.callSid)"
        if let known = try await log.store.session(id) {
            guard known.state != .stopped else { return .ended(wasLost: known.stopReason == "stream_lost") }
            if let ending = live[id]?.ending { return .ended(wasLost: ending == .lost) }
            metrics.repeatedWebhooks.increment()
            return .admitted(Admitted(session: known, token: token(for: known), isNew: false))
        }
        guard !isDraining else { return .draining }
        let new = SessionRecord(
            id: id,
            callID: call.callSid,
            from: call.from,
            to: call.to,
            sttProvider: sttProvider,
            createdAt: Timestamp.now
        )
        // Two webhooks of one call may race; the store lets one of them make the session.
        let isNew = try await log.commit(.create(new)) != nil
        guard let session = try await log.store.session(id) else { throw DirectoryError.vanished(id) }
        if isNew {
            metrics.sessions.increment()
            logger.info("\(AuditLine.sessionCreated(session: id, call: call.callSid, from: call.from, to: call.to).text)")
        }
        return .admitted(Admitted(session: session, token: token(for: session), isNew: isNew))
    }

    /// Whether a socket may be opened for a session: its record, or why not.
    func mayConnect(_ id: String) async throws -> Result<SessionRecord, Refusal> {
        guard !isDraining else { return .failure(Refusal(.draining, "the server is stopping")) }
        guard let session = try await log.store.session(id) else { return .failure(Refusal(.unknownSession, "there is no session \(id)")) }
        guard session.state != .stopped else { return .failure(Refusal(.sessionEnded, "session \(id) has ended")) }
        guard live[id] == nil else { return .failure(Refusal(.sessionBusy, "session \(id) has a stream already")) }
        return .success(session)
    }

    /// Gives a session's stream to a socket whose `start` has come; from then on no other socket gets it.
    ///
    /// `token` is what `start` carried, if anything; `end` ends the call, saying why. The result is the session as it now is.
    func claim(
        _ session: SessionRecord,
        streamSid: String,
        token given: String?,
        isTokenRequired: Bool,
        end: @escaping @Sendable (String) -> Void
    ) async throws -> Result<SessionRecord, Refusal> {
        guard !isDraining else { return .failure(Refusal(.draining, "the server is stopping")) }
        guard live[session.id] == nil else { return .failure(Refusal(.sessionBusy, "session \(session.id) has a stream already")) }
        // Reserved before the store is asked, so that of two sockets one is first.
        live[session.id] = Live(end: end)
        do {
            let refusal = try await check(session, streamSid: streamSid, token: given, isTokenRequired: isTokenRequired)
            if let refusal {
                release(session.id)
                return .failure(refusal)
            }
            metrics.activeCalls.record(live.count)
            return .success(try await log.store.session(session.id) ?? session)
        } catch {
            release(session.id)
            throw error
        }
    }

    /// Notes that a stream has ended although its call is still being finished.
    func streamEnded(_ id: String, _ ending: Ending) {
        live[id]?.ending = ending
    }

    /// Frees a session's stream.
    func release(_ id: String) {
        live[id] = nil
        metrics.activeCalls.record(live.count)
        changeWatchers.forEach { $0.yield() }
    }

    /// The provider says that a call is over: ends its stream, or its session when it has none.
    func callEnded(_ callSid: String, status: String) async throws {
        let id = "twilio-\(callSid)"
        if let call = live[id] {
            call.end("call_\(status)")
        } else {
            _ = try await log.commit(.stop(session: id, reason: "call_\(status)", at: Timestamp.now))
        }
    }

    /// Turns new calls away from now on.
    func drain() {
        isDraining = true
    }

    /// Returns once no call has a stream, or when the task is cancelled.
    func waitUntilIdle() async {
        let (changes, watcher) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        changeWatchers.append(watcher)
        guard !live.isEmpty else { return }
        for await _ in changes where live.isEmpty { return }
    }

    /// Ends every call.
    func endAll(reason: String) {
        live.values.forEach { $0.end(reason) }
    }

    /// Checks the token and writes down that the stream began; a refusal when it may not.
    private func check(_ session: SessionRecord, streamSid: String, token given: String?, isTokenRequired: Bool) async throws -> Refusal? {
        guard let current = try await log.store.session(session.id), current.state != .stopped else {
            return Refusal(.sessionEnded, "session \(session.id) has ended")
        }
        switch given {
        case nil where isTokenRequired: return Refusal(.badToken, "start carries no stream token")
        case nil: logger.warning("A stream without a token was let in because webhooks are open", metadata: ["session_id": "\(session.id)"])
        case let given? where !ConstantTime.areEqual(given, token(for: current)):
            return Refusal(.badToken, "the stream token is wrong or was used before")
        default: break
        }
        let told = try await log.commit(.activate(session: session.id, streamID: streamSid, at: Timestamp.now))
        return told == nil ? Refusal(.sessionEnded, "session \(session.id) has ended") : nil
    }

    /// The token of a session's next stream; opening a stream makes it worthless.
    private func token(for session: SessionRecord) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(session.id)#\(session.streamCount)".utf8), using: tokenKey)
        return code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// Why something was turned away.
struct Refusal: Error, Sendable {
    var reason: RefusalReason
    /// One line for the log and the peer.
    var message: String

    init(_ reason: RefusalReason, _ message: String) {
        self.reason = reason
        self.message = message
    }
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
