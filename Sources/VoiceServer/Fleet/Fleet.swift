import Conversation
import CoreMetrics
import Diagnostics
import Logging
import Metrics
import Redis

/// This server among others that share sessions, events and commands.
final class Fleet: SessionOwnership {
    /// How long another server may take to answer; it is asked again as long as it lives.
    private let patience: Duration
    /// How often a session is asked for.
    private static let attempts = 8

    /// Tells this server from all others; the same each time it is started with its data directory.
    let node: String
    let client: RedisClient
    let store: SharedCallStore
    let mailbox: FleetMailbox
    let logger: Logger
    private let upGauge: Gauge

    /// Makes a server of a fleet; nothing is connected until ``FleetService`` runs.
    ///
    /// What has stopped is kept in Redis for a week, or for `keepDays` where that is less.
    init(
        node: String,
        address: RedisAddress,
        configuration: RedisConfiguration = RedisConfiguration(),
        patience: Duration = .seconds(1),
        keepDays: Int,
        local: SQLiteCallStore,
        metricsFactory: any MetricsFactory,
        logger: Logger
    ) {
        self.node = node
        self.patience = patience
        self.logger = logger
        var configuration = configuration
        configuration.clientName = "agentos-\(node)"
        client = RedisClient(address, configuration: configuration, logger: logger)
        var shared = SharedSessions(client: client, node: node)
        if keepDays > 0 { shared.keep = min(shared.keep, .seconds(keepDays * 86_400)) }
        store = SharedCallStore(local: local, shared: shared)
        mailbox = FleetMailbox(node: node, client: client, logger: logger)
        upGauge = Gauge(.redisUp, factory: metricsFactory)
        upGauge.record(0)
    }

    /// Whether Redis has all that this server knows.
    var isUp: Bool { store.link == .up }

    /// Tells the metric how it is.
    func recordLink() {
        upGauge.record(isUp ? 1 : 0)
    }

    func acquire(_ session: String) async throws -> SessionAcquisition {
        for _ in 0..<Self.attempts {
            do {
                if let acquisition = try await tryToAcquire(session) { return acquisition }
            } catch is RedisError {
                // Without Redis a call is this server's if it was before. Another server's call waits for Redis a moment.
                if try await !store.isMissing(session) { return .held }
                guard await client.comesBack() else { return .refused }
            }
        }
        return .refused
    }

    /// Nil when it is worth another try: its owner has given it away, does not answer, or may have died.
    private func tryToAcquire(_ session: String) async throws -> SessionAcquisition? {
        switch try await store.shared.claim(session) {
        // Nobody but this server may know it yet.
        case .unknown: return .held
        case .stopped: return .refused
        case .mine:
            if try await store.isMissing(session) { try await store.adopt(session) }
            return .held
        case .claimed:
            try await store.adopt(session)
            return .inherited
        case .held(let owner):
            let answer = try await mailbox.ask(owner, .handover, session: session, within: patience)
            return answer == false ? .refused : nil
        }
    }

    func end(_ session: String, reason: String) async throws -> Bool? {
        guard let owner = try? await store.shared.progress(of: [session]).first?.owner, owner != node else { return nil }
        if let answer = try await mailbox.ask(owner, .end, session: session, reason: reason, within: patience * 2) { return answer }
        switch try await store.shared.claim(session) {
        case .stopped: return false
        case .unknown, .mine: return nil
        case .claimed:
            try await store.adopt(session)
            return nil
        case .held: throw FleetError.unreachable(session)
        }
    }

    /// Does what another server asks for.
    ///
    /// - Returns: whether it was done; nil after an error. Then no answer is sent, and the other server asks again.
    func answer(_ message: FleetMessage, holder: any CallHolder, erasure: CallerErasure) async -> Bool? {
        do {
            switch message.kind {
            case .erase:
                return try await erasure.erase(message.reason ?? "").running.isEmpty
            case .end: return try await holder.endHere(message.session, reason: message.reason ?? "ended")
            case .handover:
                guard await holder.handOver(message.session) else { return false }
                guard try await store.shared.transfer(message.session, to: message.from) else { return false }
                try await store.lose(message.session)
                logger.notice("A call goes on at another server", metadata: ["session_id": "\(message.session)", "node": "\(message.from)"])
                return true
            case .answer: return false
            }
        } catch {
            logger.warning(
                "What another server asked for could not be done",
                metadata: ["session_id": "\(message.session)", "kind": "\(message.kind.rawValue)", "error": "\(ErrorText.of(error))"]
            )
            return nil
        }
    }
}

/// Why several servers could not agree.
enum FleetError: Error, CustomStringConvertible {
    case unreachable(String)

    var description: String {
        switch self {
        case .unreachable(let session): "the server that holds session \(session) does not answer; try again in a few seconds"
        }
    }
}
