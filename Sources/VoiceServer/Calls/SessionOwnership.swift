/// Decides which server holds a session, where there are several.
protocol SessionOwnership: Sendable {
    /// Makes a session this server's, with all that has happened in it, before a stream is opened for it.
    func acquire(_ session: String) async throws -> SessionAcquisition

    /// Ends a call that another server holds; whether there was anything to end, nil when it is this server's to end.
    func end(_ session: String, reason: String) async throws -> Bool?
}

/// What became of asking for a session.
enum SessionAcquisition: Sendable, Equatable {
    /// It is this server's.
    case held
    /// It is this server's; the one that held it has died with its stream.
    case inherited
    /// Another server holds it and hears its caller, or it is over.
    case refused
}

/// Holds calls that other servers may ask for.
protocol CallHolder: Sendable {
    /// Ends a session's stream if its line is dead, and sees that all is written; false while its caller is heard.
    func handOver(_ session: String) async -> Bool

    /// Ends a call of this server; whether there was anything to end.
    func endHere(_ session: String, reason: String) async throws -> Bool

    /// Ends the stream of a session that another server holds by now.
    func lose(_ session: String) async

    /// Waits for calls whose server died, for as long as a call may take to come back.
    func inherit(_ sessions: [String]) async
}
