/// The names of what servers share in Redis; docs/scaling.md describes them.
enum FleetKeys {
    /// What every name begins with.
    static let prefix = "agentos:"
    /// The events of all sessions, by the moment they were shared.
    static let stream = prefix + "events"
    /// The id of the newest entry of the stream.
    static let position = prefix + "position"
    /// The ids of all servers that may hold sessions.
    static let nodes = prefix + "nodes"

    /// A session: its record, state and owner.
    static func session(_ id: String) -> String { prefix + "session:" + id }
    /// A session's events, the first at index 0.
    static func events(_ id: String) -> String { prefix + "session:" + id + ":events" }
    /// The sessions in a state, by the moment they were made.
    static func sessions(_ state: String) -> String { prefix + "sessions:" + state }
    /// There while a server lives.
    static func node(_ node: String) -> String { prefix + "node:" + node }
    /// The sessions that a server holds and that have not stopped.
    static func owned(_ node: String) -> String { prefix + "owned:" + node }
    /// What other servers ask of one.
    static func inbox(_ node: String) -> String { prefix + "inbox:" + node }
}
