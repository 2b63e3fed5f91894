import Conversation
import Twilio

/// What Twilio says came of a `<Dial>`.
///
/// Source: Twilio, "TwiML Voice: Dial", parameters of the action (docs/voice/twiml/dial).
struct DialResult: Sendable, Equatable {
    /// The call whose caller was to be put through.
    var callSid: String
    /// Why the session stops now; nil where the caller is still there and nobody took the call.
    var ending: String?
    /// What the assistant is told.
    var outcome: ToolOutcome

    /// Reads the parameters; nil without the id of a call.
    ///
    /// `DialCallStatus` alone does not say that two people have talked: one who declines gives `completed` and `DialBridged=false`.
    init?(_ parameters: WebhookParameters) {
        guard let callSid = parameters["CallSid"], InboundCallRequest.isCallSid(callSid) else { return nil }
        self.callSid = callSid
        let status = parameters["DialCallStatus"]?.lowercased() ?? ""
        let isAnswered = ["completed", "answered"].contains(status)
        let hasTalked = isAnswered && parameters["DialBridged"]?.lowercased() != "false"
        let callStatus = parameters["CallStatus"].flatMap { CallStatus.isOver($0) ? "call_\($0)" : nil }
        ending = hasTalked ? CallMachine.transferred : callStatus
        let reason =
            switch status {
            case "busy": "the line was busy"
            case "no-answer": "nobody answered"
            case "failed": "the number could not be reached"
            case "canceled": "the attempt was cancelled"
            case _ where isAnswered: "the call was not taken"
            default: "the telephone network did not say why"
            }
        outcome =
            hasTalked
            ? ToolOutcome(.done, "The caller was put through.")
            : ToolOutcome(.failed, "The caller could not be put through: \(reason).\(callStatus == nil ? " The caller is back with you." : "")")
    }
}

/// What Twilio's `CallStatus` means.
enum CallStatus {
    /// Whether a call in this status is over.
    static func isOver(_ status: String) -> Bool {
        ["completed", "busy", "failed", "no-answer", "canceled"].contains(status)
    }
}
