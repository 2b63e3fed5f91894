/// What this server knows of what it shares: how Redis is, what has been told, what is another's.
///
/// ```
///        connected            nothing missing
///  away ───────────▶ catchingUp ──────────▶ up
///    ▲ ◀───────────────┘ ◀──────────────────┘  a write failed, the connection was lost
/// ```
struct ReplicationLedger: Sendable {
    /// How sharing is going.
    enum Link: Sendable, Equatable {
        /// Writes stay here; what is missing is found when Redis is back.
        case away
        /// What is missing is being shared; what is written meanwhile is noted.
        case catchingUp
        /// Every write is shared before it is told.
        case up
    }

    /// What a write of these sessions is to do.
    enum Route: Sendable, Equatable {
        case share
        case keep
    }

    private(set) var link = Link.away
    /// Sessions written to while catching up.
    private var behind: Set<String> = []
    /// The numbers up to which the events of our running sessions have been told to all.
    private var told: [String: Int] = [:]
    /// Sessions that other servers hold and that were ours.
    private var foreign: Set<String> = []
    /// When everything had been shared last, in microseconds since 1970.
    private var completeAt: Int

    /// Makes the ledger of a server that begins now.
    init(now: Int) {
        completeAt = now
    }

    /// Whether another server holds a session.
    func isForeign(_ session: String) -> Bool { foreign.contains(session) }

    /// Where writes to these sessions go.
    mutating func route(_ sessions: some Sequence<String>) -> Route {
        switch link {
        case .up: return .share
        case .catchingUp:
            behind.formUnion(sessions)
            return .keep
        case .away: return .keep
        }
    }

    /// The number up to which a session's events are no news, where `shared` of them are in Redis.
    func news(after shared: Int, of session: String, lastSeq: Int, lastActivityAt: Int) -> Int {
        if let told = told[session] { return max(told, shared) }
        if shared > 0 { return shared }
        // Redis has lost it, or never had it: what is older than the outage had been told before.
        return lastActivityAt < completeAt ? lastSeq : 0
    }

    /// A session's events have been shared up to a number; a stopped session needs no more care.
    mutating func shared(_ session: String, upTo last: Int, hasStopped: Bool) {
        told[session] = hasStopped ? nil : last
    }

    /// Another server holds a session.
    mutating func lost(_ session: String) {
        foreign.insert(session)
        told[session] = nil
        behind.remove(session)
    }

    /// A session is ours, with its events up to a number.
    mutating func took(_ session: String, lastSeq: Int) {
        foreign.remove(session)
        told[session] = lastSeq
    }

    /// A session of another server is over.
    mutating func ended(_ session: String) {
        foreign.remove(session)
    }

    /// Redis does not take what it is given.
    mutating func fail(now: Int) {
        if link == .up { completeAt = now }
        link = .away
        behind = []
    }

    /// What is missing is looked for from now on.
    mutating func beginCatchingUp(now: Int) {
        if link == .up { completeAt = now }
        link = .catchingUp
        behind = []
    }

    /// The sessions that were written to meanwhile; nil when Redis failed meanwhile.
    ///
    /// With none left, all is shared from now on.
    mutating func takeBehind() -> Set<String>? {
        guard link == .catchingUp else { return link == .up ? [] : nil }
        defer { behind = [] }
        if behind.isEmpty { link = .up }
        return behind
    }
}
