import Conversation
import Foundation

/// What the metrics need of a call that has ended, read from its last event.
struct EndedCall: Sendable, Equatable {
    /// Who answered.
    var agent: String
    var reason: String
    /// From the first webhook to the end.
    var microseconds: Int

    /// Why calls stop, except for what Twilio may yet invent; the docs explain each.
    static let usualReasons: [String] =
        [
            "stream_stopped", "call_completed", "call_busy", "call_failed", "call_no-answer", "call_canceled", CallMachine.endedByOperator,
            "agent_ended", CallMachine.transferred, "assistant_failed", "no_stream", "idle", "time_limit", "protocol_fault", "engines_unavailable",
        ] + LineLoss.allCases.map(\.rawValue).filter { $0 != LineLoss.transferring.rawValue }

    /// The labels of a series.
    static func labels(_ agent: String, _ reason: String) -> [(String, String)] { [("agent", agent), ("reason", reason)] }

    /// Reads a `voice.session.stopped`; nil for anything else.
    init?(_ event: StoredEvent) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(event.json.utf8)) else { return nil }
        let session = fields.session
        guard let createdAt = Timestamp.microseconds(session.createdAt), let stoppedAt = Timestamp.microseconds(session.stoppedAt) else { return nil }
        agent = session.agent ?? AgentDefinition.usual.name
        reason = fields.reason
        microseconds = max(0, stoppedAt - createdAt)
    }

    private struct Fields: Decodable {
        var reason: String
        var session: Session
    }

    private struct Session: Decodable {
        var agent: String?
        var createdAt: String
        var stoppedAt: String

        enum CodingKeys: String, CodingKey {
            case agent
            case createdAt = "created_at"
            case stoppedAt = "stopped_at"
        }
    }
}
