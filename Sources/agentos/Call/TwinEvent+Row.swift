import Twilio
import TwilioTwin

extension TwinEvent.Kind {
    /// The event as a person reads it; nil for what would only be noise.
    var row: CallRow? {
        switch self {
        case .webhookAnswered(_, let status, let afterMs): CallRow("webhook", "answered \(status) after \(afterMs) ms")
        case .webhookRetried: CallRow("webhook", "no answer; it is sent again", .notice)
        case .verb(.say(let text, _, _)): CallRow("twilio says", text)
        case .updated(let update): CallRow("server", update.words)
        case .dialed(let party, let outcome):
            outcome.isBridged
                ? CallRow("put through", "to \(party)", .notice) : CallRow("not connected", "to \(party): \(outcome.status)", .notice)
        case .leg(let event): event.row
        case .keysSent(let digits): CallRow("keys sent", digits, .notice)
        case .streamConnected(let url, _): CallRow("stream open", String(url.split(separator: "/").last ?? ""))
        case .callerSpeaks(let label): CallRow("caller speaks", label, .caller)
        case .callerPressed(let digit): CallRow("caller presses", String(digit), .caller)
        case .callerGaveUp(let what): CallRow("caller waited", "in vain: \(what)", .notice)
        case .agentSpeaks(let responseMs):
            CallRow("agent speaks", responseMs.map { "\(CallRow.seconds($0)) s after the caller's last sound" } ?? "", .agent)
        case .cleared(let droppedMs): CallRow("agent stops", "\(CallRow.seconds(droppedMs)) s of its audio are dropped", .notice)
        case .fault(let fault): CallRow("twilio logs", "\(fault.code): \(fault.message)", .alarm)
        case .failure(let error): CallRow("failure", error.message, .alarm)
        case .streamEnded(let ending): CallRow("stream closed", ending.words)
        case .callEnded(let ending): CallRow("call over", ending.words)
        case .verb, .callerFinished, .agentQuiet, .markReturned, .serverEvent: nil
        }
    }
}

extension TwinLegEvent {
    /// The event as a person reads it, in the words that the callee's number begins.
    fileprivate var row: CallRow? {
        switch what {
        case .called: CallRow("calls", to, .notice)
        case .ringing: CallRow("it rings", to)
        case .answered: CallRow("answered", to, .notice)
        case .detected(let answeredBy): CallRow("twilio finds", "\(to): \(answeredBy)")
        case .heard(let text): CallRow("callee hears", "\(to): \(text)")
        case .heardFile(let url): CallRow("callee hears", "\(to): \(url)")
        case .pressed(let digit): CallRow("callee presses", "\(to): \(digit)", .notice)
        case .joined(let conference): CallRow("in conference", "\(to): \(conference)")
        case .bridged: CallRow("callee hears", "\(to): the caller", .notice)
        case .parted: CallRow("callee alone", to)
        case .ended(let status): CallRow("callee left", "\(to): \(status)", .notice)
        }
    }
}

extension CallUpdate {
    /// What the server said by REST, in words.
    fileprivate var words: String {
        switch self {
        case .document: "gives the call another document by REST"
        case .fetch: "sends the call to another webhook by REST"
        case .complete: "ends the call by REST"
        case .cancel: "cancels the call by REST"
        }
    }
}
