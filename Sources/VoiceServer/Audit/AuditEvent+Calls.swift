import Engines
import Conversation

/// What happens in calls and at their door.
extension AuditEvent {
    /// A webhook was accepted; `route` is the last part of its path.
    static func webhookAccepted(_ route: String, call: String?) -> AuditEvent {
        AuditEvent("webhook.accepted", ["route": .string(route), "call_sid": .text(call)])
    }

    /// A webhook was refused.
    static func webhookRefused(_ route: String, _ refusal: Refusal, call: String? = nil) -> AuditEvent {
        let fields: [String: JSONValue] = [
            "route": .string(route), "reason": .string(refusal.reason.rawValue), "detail": .string(refusal.message), "call_sid": .text(call),
        ]
        return AuditEvent("webhook.refused", fields, throttle: "webhook.refused \(refusal.reason.rawValue)")
    }

    /// A call was turned away at the door, although its webhook was in order.
    static func callRefused(call: String, from: String, to: String, reason: String) -> AuditEvent {
        AuditEvent(
            "call.refused",
            ["call_sid": .string(call), "reason": .string(reason)],
            of: AuditOwner(caller: from, session: "twilio-\(call)"),
            personal: ["from": .string(from), "to": .string(to)]
        )
    }

    /// A webhook made a session.
    static func sessionCreated(session: String, call: String, from: String, to: String) -> AuditEvent {
        AuditEvent(
            "voice.twilio.session.created",
            ["session_id": .string(session), "call_sid": .string(call)],
            of: AuditOwner(caller: from, session: session),
            personal: ["from": .string(from), "to": .string(to)]
        ) { mask in
            AuditLine.sessionCreated(session: session, call: call, from: mask.address(from), to: mask.address(to))
        }
    }

    /// A media socket was accepted.
    static func streamConnected(session: String, call: String) -> AuditEvent {
        AuditEvent("voice.twilio.stream.connected", ["session_id": .string(session), "call_sid": .string(call)]) { _ in
            AuditLine.streamConnected(session: session, call: call)
        }
    }

    /// A stream's `start` was accepted.
    static func streamStarted(session: String, stream: String, call: String) -> AuditEvent {
        AuditEvent(
            "voice.twilio.stream.started",
            ["session_id": .string(session), "stream_sid": .string(stream), "call_sid": .string(call)]
        ) { _ in
            AuditLine.streamStarted(session: session, stream: stream, call: call)
        }
    }

    /// A stream ended; `reason` is a JSON object on one line.
    static func streamStopped(session: String, stream: String, reason: String) -> AuditEvent {
        AuditEvent(
            "voice.twilio.stream.stopped",
            ["session_id": .string(session), "stream_sid": .string(stream), "reason": .string(reason)]
        ) { _ in
            AuditLine.streamStopped(session: session, stream: stream, reason: reason)
        }
    }

    /// A media socket was refused, before or after its upgrade.
    static func streamRefused(session: String?, _ refusal: Refusal) -> AuditEvent {
        AuditEvent(
            "stream.refused",
            ["session_id": .text(session), "reason": .string(refusal.reason.rawValue)],
            throttle: "stream.refused \(refusal.reason.rawValue)"
        )
    }

    /// The caller said something and was answered.
    static func transcript(session: String, caller: String, stream: String, transcript: String, response: String) -> AuditEvent {
        AuditEvent(
            "voice.twilio.transcript",
            ["session_id": .string(session), "stream_sid": .string(stream)],
            of: AuditOwner(caller: caller, session: session),
            personal: ["transcript": .string(transcript), "response": .string(response)]
        ) { mask in
            AuditLine.transcript(session: session, stream: stream, transcript: mask.words(transcript), response: mask.words(response))
        }
    }
}
