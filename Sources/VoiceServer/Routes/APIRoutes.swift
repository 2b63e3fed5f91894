import Engines
import Conversation
import HTTPTypes
import Hummingbird
import NIOCore

/// The REST API: sessions, transcripts, events.
struct APIRoutes: Sendable {
    let log: EventLog
    let audit: Audit

    /// The routes; they want the token.
    var routes: [Route] {
        [
            .get("/api/voice/sessions", query: .only(["state", "events"] + SessionPage.parameters)) { request, _ in try await sessions(request) },
            .get("/api/voice/sessions/:id") { _, context in try Response(json: try await session(context).json) },
            .get("/api/voice/sessions/:id/transcript") { _, context in
                let session = try await session(context)
                audit.record(.access(to: "transcript", session: session.id, by: "api"))
                return try Response(json: try await Transcript.read(session.id, from: log.store).json)
            },
            .get("/api/voice/sessions/:id/events", query: .only(ServerSentEvents.parameters + EventPage.parameters)) { request, context in
                let session = try await session(context)
                let response = try await events(request, of: session)
                audit.record(.access(to: "events", session: session.id, by: "api"))
                return response
            },
            .get("/api/voice/events", query: .only(ServerSentEvents.parameters)) { request, _ in
                let beginning = try ServerSentEvents.Beginning(request)
                let first = beginning.number(newest: try await log.store.lastPosition())
                audit.record(.access(to: "events", by: "api"))
                return ServerSentEvents.response(log.events(of: nil, after: first), numberedBy: \.position)
            },
        ]
    }

    private func sessions(_ request: Request) async throws -> Response {
        let state = request.uri.queryParameters["state"].map { SessionRecord.State(rawValue: String($0)) }
        if case .some(nil) = state {
            let known = SessionRecord.State.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.badParameter, "state must be one of \(known)")
        }
        let withEvents = request.uri.queryParameters["events"] ?? "false"
        guard ["true", "false"].contains(withEvents) else { throw Problem(.badParameter, "events must be true or false") }
        let page = try SessionPage(request)
        try await page.checkAnchor(mayBeMoment: true) { try await log.store.session($0) != nil }
        // Read before the sessions: whoever lists them and then follows events from here misses nothing.
        let position = try await log.store.lastPosition()
        let found = try await log.store.sessions(state: state ?? nil, before: page.before, limit: page.lookedFor)
        let answer = JSONValue.object(page.members(found).merging(["last_event_id": .number(position)]) { own, _ in own })
        guard withEvents == "true" else { return try Response(json: answer) }
        audit.record(.access(to: "events", by: "api"))
        // Events are stored as JSON text.
        return Response(jsonText: "\(try answer.text().dropLast()),\"events\":\(try await histories(of: found.prefix(page.size)))}")
    }

    /// The maximum number of events in a list of sessions.
    static let maximumListedEvents = 2000

    /// Returns a JSON object with all events of each session, by session id.
    ///
    /// It stops at the first session whose events exceed the maximum.
    private func histories(of sessions: some Sequence<SessionRecord>) async throws -> String {
        var members: [String] = []
        var left = Self.maximumListedEvents
        for session in sessions {
            let found = try await log.store.events(of: session.id, after: 0, limit: left + 1)
            guard found.count <= left else { break }
            left -= found.count
            members.append("\(try JSONValue.text(session.id).text()):[\(found.map(\.json).joined(separator: ","))]")
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A session's events as a stream, or a page of them.
    private func events(_ request: Request, of session: SessionRecord) async throws -> Response {
        if EventPage.isWanted(by: request) {
            return try await EventPage(request, newest: session.lastSeq).response(session.id, from: log.store)
        }
        if let stray = EventPage.parameters.first(where: { request.uri.queryParameters.has($0[...]) }) {
            throw Problem(.unknownParameter, "\(stray) is for a page of events: send Accept: application/json; streams know from and last_event_id")
        }
        let last = try ServerSentEvents.Beginning(request).number(newest: session.lastSeq)
        // Nothing will ever follow; 204 tells a browser not to come back.
        if session.state == .stopped, last >= session.lastSeq { return Response(status: .noContent) }
        return ServerSentEvents.response(log.events(of: session.id, after: last), numberedBy: \.seq)
    }

    /// The session that a path names.
    private func session(_ context: ServerContext) async throws -> SessionRecord {
        let id = context.parameters.get("id") ?? ""
        guard let session = try await log.store.session(id) else {
            throw Problem(.unknownSession, "there is no session \(LogField.escaped(id))")
        }
        return session
    }
}
