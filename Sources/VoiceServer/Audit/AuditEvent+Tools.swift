import Conversation
import Engines

/// What an assistant does, and what fails in calls.
extension AuditEvent {
    /// The assistant called a tool.
    static func toolCalled(session: String, caller: String, _ call: ToolCall, turn: Int) -> AuditEvent {
        AuditEvent(
            "voice.tool.called",
            ["session_id": .string(session), "turn": .number(turn), "tool_call_id": .string(call.id), "name": .string(call.name)],
            of: AuditOwner(caller: caller, session: session),
            personal: ["arguments": .string(call.arguments)]
        )
    }

    /// A tool that was called has ended.
    static func toolFinished(session: String, caller: String, _ use: ToolUse, turn: Int, tookMs: Int) -> AuditEvent {
        let fields: [String: JSONValue] = [
            "session_id": .string(session), "turn": .number(turn), "tool_call_id": .string(use.call.id), "name": .string(use.call.name),
            "status": .text(use.outcome?.status.rawValue), "took_ms": .number(tookMs),
        ]
        return AuditEvent(
            "voice.tool.finished",
            fields,
            of: AuditOwner(caller: caller, session: session),
            personal: ["result": .text(use.outcome?.text)]
        )
    }

    /// The end of a tool that was cut off with its line or its server; nil for other events.
    init?(end event: CallEvent, session: String, caller: String) {
        guard case .toolFinished(let use, let turn, let tookMs) = event else { return nil }
        self = .toolFinished(session: session, caller: caller, use, turn: turn, tookMs: tookMs)
    }

    /// A step of calling somebody else for a caller.
    static func transfer(session: String, _ step: TransferStep) -> AuditEvent {
        AuditEvent(
            "voice.transfer",
            [
                "session_id": .string(session), "transfer": .string(step.transfer), "destination": .string(step.destination),
                "party": .number(step.party), "stage": .string(step.stage.rawValue), "call_sid": .text(step.callID),
            ]
        )
    }

    /// Something failed in a call, which goes on; what services say of it may hold the caller's words.
    static func callFailure(session: String, caller: String, stage: String, message: String) -> AuditEvent {
        AuditEvent(
            "voice.failure",
            ["session_id": .string(session), "stage": .string(stage)],
            of: AuditOwner(caller: caller, session: session),
            personal: ["error": .string(message)]
        )
    }
}

extension Audit {
    /// Records the end of a tool that was cut off; other events are not recorded.
    func record(end event: CallEvent, session: String, caller: String) {
        AuditEvent(end: event, session: session, caller: caller).map { record($0) }
    }
}
