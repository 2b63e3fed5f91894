import Engines
import Conversation
import HTTPTypes
import Hummingbird
import NIOCore

/// The REST API: sessions, transcripts, events.
struct APIRoutes: Sendable {
    static let defaultLimit = 50
    static let mostSessions = 500
    /// The stop reason of a call that an operator ended.
    static let operatorReason = "ended_by_operator"

    let log: EventLog
    let directory: CallDirectory
    let audit: Audit

    /// Adds the routes to a group that has checked the token.
    func add(to group: RouterGroup<ServerContext>) {
        group.get("/api/voice/sessions") { request, _ in try await sessions(request) }
        group.get("/api/voice/sessions/:id") { _, context in
            try await withSession(context) { try Response(json: $0.json) }
        }
        group.get("/api/voice/sessions/:id/transcript") { _, context in
            try await withSession(context) { session in
                audit.record(.access(to: "transcript", session: session.id, by: "api"))
                return try Response(json: try await Transcript.read(session.id, from: log.store).json)
            }
        }
        group.get("/api/voice/sessions/:id/events") { request, context in
            try await withSession(context) { session in
                audit.record(.access(to: "events", session: session.id, by: "api"))
                return sessionEvents(request, session)
            }
        }
        group.post("/api/voice/sessions/:id/end") { _, context in
            try await withSession(context) { try await end($0) }
        }
        group.get("/api/voice/events") { request, _ in
            // A number from before the data directory was replaced would wait for ever.
            let last = min(ServerSentEvents.lastEventID(request) ?? 0, try await log.store.lastPosition())
            audit.record(.access(to: "events", by: "api"))
            return ServerSentEvents.response(log.events(of: nil, after: last), numberedBy: \.position)
        }
    }

    private func sessions(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let state = query["state"].map { SessionRecord.State(rawValue: String($0)) }
        if case .some(nil) = state {
            return try .problem("state must be one of \(SessionRecord.State.allCases.map(\.rawValue).joined(separator: ", "))", status: .badRequest)
        }
        guard let limit = Self.limit(request) else { return try Self.badLimit() }
        // Read before the sessions: whoever lists them and then follows events from here misses nothing.
        let position = try await log.store.lastPosition()
        let found = try await log.store.sessions(state: state ?? nil, before: query["before"].map(String.init), limit: limit)
        return try Response(json: .object(["sessions": .array(found.map(\.json)), "last_event_id": .number(position)]))
    }

    /// Ends a call at an operator's word; its session is stopped by then, or will be once the last words are recognised.
    private func end(_ session: SessionRecord) async throws -> Response {
        do {
            guard session.state != .stopped, try await directory.end(session.id, reason: Self.operatorReason) else {
                return try .problem("session \(session.id) has stopped already", status: .conflict)
            }
        } catch let error as FleetError {
            return try .problem("\(error)", status: .serviceUnavailable)
        }
        audit.record(.command("session.end", session: session.id))
        return try Response(json: .object(["session_id": .string(session.id), "reason": .string(Self.operatorReason)]), status: .accepted)
    }

    /// How many sessions a request wants; nil when it is no number it may ask for.
    static func limit(_ request: Request) -> Int? {
        let given = request.uri.queryParameters["limit"].map { Int($0) } ?? defaultLimit
        return given.flatMap { (1...mostSessions).contains($0) ? $0 : nil }
    }

    /// The answer to a request whose limit is none.
    static func badLimit() throws -> Response {
        try .problem("limit must be a number from 1 to \(mostSessions)", status: .badRequest)
    }

    private func sessionEvents(_ request: Request, _ session: SessionRecord) -> Response {
        let last = min(ServerSentEvents.lastEventID(request) ?? 0, session.lastSeq)
        // Nothing will ever follow; 204 tells a browser not to come back.
        if session.state == .stopped, last >= session.lastSeq { return Response(status: .noContent) }
        return ServerSentEvents.response(log.events(of: session.id, after: last), numberedBy: \.seq)
    }

    private func withSession(_ context: ServerContext, _ answer: (SessionRecord) async throws -> Response) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        guard let session = try await log.store.session(id) else {
            return try .problem("there is no session \(id)", status: .notFound)
        }
        return try await answer(session)
    }
}
