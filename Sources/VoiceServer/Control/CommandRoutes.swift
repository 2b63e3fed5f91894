import Conversation
import Engines
import HTTPTypes
import Hummingbird
import NIOCore
import Twilio

/// Commands on live calls: `POST /api/voice/sessions/{id}/{command}` with a JSON object, or without a body.
struct CommandRoutes: Sendable {
    /// Bytes of a body.
    private static let mostBytes = 16 * 1024
    /// Characters of a text that is to be said: some minutes of speech.
    private static let longestText = 2000
    /// Keys that are sent at once.
    private static let mostKeys = 32
    /// Characters of an `Idempotency-Key`.
    private static let longestKey = 255
    /// The commands, each with what its body may hold.
    private static let commands: [(name: String, members: [String])] = [
        ("hold", []), ("resume", []), ("mute", ["side"]), ("unmute", ["side"]), ("say", ["text"]), ("dtmf", ["digits"]),
        ("transfer", ["destination"]), ("end", []),
    ]

    let desk: CommandDesk
    let log: EventLog

    /// The routes; they want the token.
    var routes: [Route] {
        Self.commands.map { name, members in
            .post("/api/voice/sessions/:id/\(name)") { request, context in try await give(name, members, request, context) }
        }
    }

    private func give(_ name: String, _ members: [String], _ request: Request, _ context: ServerContext) async throws -> Response {
        let body = try await body(of: request, members, command: name)
        let key = request.headers[.idempotencyKey]
        if let key, key.isEmpty || key.count > Self.longestKey {
            throw Problem(.badParameter, "Idempotency-Key must have 1 to \(Self.longestKey) characters")
        }
        let sessionID = context.parameters.get("id") ?? ""
        guard let session = try await log.store.session(sessionID) else {
            throw Problem(.unknownSession, "the session is unknown: \(LogField.escaped(sessionID))")
        }
        let command = try command(name, body, session)
        let receipt = try await desk.give(command, to: session, key: key)
        var answer: [String: JSONValue] = [
            "id": .string(receipt.id), "command_id": .string(receipt.id), "command": .string(name), "session_id": .string(session.id),
            "status": .string("accepted"),
            "repeated": .bool(receipt.isRepeated),
        ]
        if command == .end { answer["reason"] = .string(CallMachine.endedByOperator) }
        return try Response(json: .object(answer), status: .accepted)
    }

    private func body(of request: Request, _ members: [String], command: String) async throws -> [String: JSONValue] {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.mostBytes)
        } catch is NIOTooManyBytesError {
            throw Problem(.badParameter, "the body is larger than \(Self.mostBytes) bytes")
        }
        guard buffer.readableBytes > 0 else { return [:] }
        guard case .object(let object)? = try? JSONValue(parsing: String(buffer: buffer)) else {
            throw Problem(.badParameter, "the body is not a JSON object")
        }
        if let stray = object.keys.filter({ !members.contains($0) }).min() {
            let known = members.isEmpty ? "\(command) takes none" : "\(command) takes \(members.joined(separator: ", "))"
            throw Problem(.unknownParameter, "the member \(LogField.escaped(String(stray.prefix(64)))) is unknown; \(known)")
        }
        return object
    }

    private func command(_ name: String, _ body: [String: JSONValue], _ session: SessionRecord) throws(Problem) -> CallCommand {
        var side: MuteSide?
        if let given = body["side"] {
            guard let known = given.string.flatMap(MuteSide.init) else {
                throw Problem(.badParameter, "side must be \(MuteSide.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            side = known
        }
        let text = body["text"]?.string
        let digits = body["digits"]?.string
        let destination = body["destination"]?.string.map { desk.destination($0, of: session) }
        switch name {
        case "say" where text.map { $0.allSatisfy(\.isWhitespace) || $0.count > Self.longestText } ?? true:
            throw Problem(.badParameter, "text must be a text of 1 to \(Self.longestText) characters")
        case "dtmf" where digits.map { !(1...Self.mostKeys).contains($0.count) || !$0.allSatisfy(TwiML.keys.contains) } ?? true:
            throw Problem(.badParameter, "digits must be 1 to \(Self.mostKeys) of 0 to 9, *, #, and w for a pause of half a second")
        case "transfer" where destination == nil:
            throw Problem(.badParameter, "destination must be the name of a transfer of the agent")
        default: break
        }
        guard let command = CallCommand(name: name, side: side, text: text, digits: digits, destination: destination) else {
            throw Problem(.badParameter, "the body of \(name) is not complete")
        }
        return command
    }
}

extension HTTPField.Name {
    /// `Idempotency-Key`.
    static let idempotencyKey = Self.named("Idempotency-Key")
}
