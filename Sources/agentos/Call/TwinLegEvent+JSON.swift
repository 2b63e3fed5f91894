import Engines
import TwilioTwin

extension TwinLegEvent {
    /// The event's type in JSON.
    var type: String {
        switch what {
        case .called: "call.leg_called"
        case .ringing: "call.leg_ringing"
        case .answered: "call.leg_answered"
        case .detected: "call.leg_detected"
        case .heard, .heardFile: "call.leg_heard"
        case .pressed: "call.leg_pressed"
        case .joined: "call.leg_joined"
        case .bridged: "call.leg_bridged"
        case .parted: "call.leg_parted"
        case .ended: "call.leg_ended"
        }
    }

    /// The fields of the type; each has the number and the SID of the callee's call.
    var fields: [String: JSONValue] {
        let own: [String: JSONValue] =
            switch what {
            case .called(let parentCallSid): parentCallSid.map { ["parent_call_sid": .string($0)] } ?? [:]
            case .detected(let answeredBy): ["answered_by": .string(answeredBy)]
            case .heard(let text): ["text": .string(text)]
            case .heardFile(let url): ["url": .string(url)]
            case .pressed(let digit): ["digit": .string(String(digit))]
            case .joined(let conference): ["conference": .string(conference)]
            case .ended(let status): ["status": .string(status)]
            case .ringing, .answered, .bridged, .parted: [:]
            }
        return own.merging(["call_sid": .string(callSid), "to": .string(to)]) { own, _ in own }
    }
}
