import Twilio

extension InboundTwiML {
    /// What a caller gets whom the policy refuses.
    static func refusal(_ reason: RefusalReason, mode: RefusalMode) -> TwiML {
        let isFinal = [.blocked, .notAllowed].contains(reason)
        return switch mode {
        case .reject: TwiML([.reject(reason: isFinal ? "rejected" : "busy")])
        case .spoken: TwiML([.say(sentence(reason), voice: voice), .hangup])
        }
    }

    private static func sentence(_ reason: RefusalReason) -> String {
        switch reason {
        case .draining, .storeFailing: "Sorry, we cannot take your call right now. Please call again in a few minutes."
        case .blocked, .notAllowed: "Sorry, we cannot take your call."
        case .callerLimit: "Sorry, you have called very often. Please wait an hour before you call again."
        case .overloaded: "Sorry, we are very busy right now. Please call again in a few minutes."
        default: "Sorry, all our lines are busy right now. Please call again in a few minutes."
        }
    }
}
