import Foundation
import NIOHTTP1

/// A session as the REST API tells it; the fields that are checked.
struct CheckedSession: Decodable, Sendable {
    var sessionID: String
    var state: String
    var stopReason: String?
    var transportMetadata: Transport

    /// How the call is carried.
    struct Transport: Decodable, Sendable {
        var callSid: String
        var fromNumber: String
        var toNumber: String

        enum CodingKeys: String, CodingKey {
            case callSid = "call_sid"
            case fromNumber = "from_number"
            case toNumber = "to_number"
        }
    }

    enum CodingKeys: String, CodingKey {
        case sessionID = "session_id"
        case state
        case stopReason = "stop_reason"
        case transportMetadata = "transport_metadata"
    }
}

/// A list of sessions as the REST API tells it.
private struct CheckedSessions: Decodable {
    var sessions: [CheckedSession]
}

/// An event as the event stream tells it; the fields that are checked.
struct CheckedEvent: Decodable, Sendable {
    var type: String
    var seq: Int
    var text: String?
}

extension CheckClient {
    /// One session.
    func session(_ id: String) async throws -> CheckedSession {
        let answer = try await get("/api/voice/sessions/\(id)")
        try require("the status of the session", answer.status, is: 200)
        return try answer.json(CheckedSession.self)
    }

    /// The newest sessions.
    func sessions() async throws -> [CheckedSession] {
        try await get("/api/voice/sessions").json(CheckedSessions.self).sessions
    }

    /// The events of a session that has stopped, or will soon; the stream ends by itself.
    func events(of id: String, after last: Int? = nil) async throws -> [CheckedEvent] {
        let headers: HTTPHeaders = last.map { ["Last-Event-ID": "\($0)"] } ?? [:]
        let answer = try await get("/api/voice/sessions/\(id)/events", headers: headers)
        try require("the status of the event stream", answer.status, is: 200)
        try require(answer.contentType.hasPrefix("text/event-stream"), "the type is '\(answer.contentType)', not text/event-stream")
        return try answer.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { line in
            try JSONDecoder().decode(CheckedEvent.self, from: Data(line.dropFirst("data: ".count).utf8))
        }
    }
}
