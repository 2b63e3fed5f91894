import TwilioTwin
import Twilio

extension TwinEvent.Kind {
    /// The event as a person is told it; nil for what would only be noise.
    var spoken: String? {
        switch self {
        case .webhookAnswered(_, let status, let afterMs): "webhook answered \(status) after \(afterMs) ms"
        case .webhookRetried: "nothing answers; the webhook is sent again"
        case .verb(.say(let text, _, _)): "<Say> \(text)"
        case .updated: "the server changes the call by REST"
        case .dialed(let party, let dialing):
            Terminal.colored(dialing.isAnswered ? "put through to \(party)" : "could not be put through to \(party): \(dialing.status)", 33)
        case .keysSent(let digits): Terminal.colored("keys sent: \(digits)", 33)
        case .streamConnected(let url, _): "stream open: \(url)"
        case .callerSpeaks(let label): Terminal.colored("caller ▶ ", 36) + label
        case .callerPressed(let digit): "caller presses \(digit)"
        case .callerGaveUp(let what): "the caller waited in vain: \(what)"
        case .agentSpeaks(let responseMs):
            Terminal.colored("agent  ▶ ", 32) + (responseMs.map { "speaks, \($0) ms after the caller's last sound" } ?? "speaks")
        case .cleared(let droppedMs): "clear: \(droppedMs) ms of the answer were dropped"
        case .fault(let fault): Terminal.colored("Twilio would log: \(fault)", 31)
        case .failure(let error): Terminal.colored("\(error)", 31)
        case .streamEnded, .callEnded: detail
        case .verb, .callerFinished, .agentQuiet, .markReturned, .serverEvent: nil
        }
    }

    /// The event's name in JSON.
    var name: String {
        switch self {
        case .webhookAnswered: "webhook_answered"
        case .webhookRetried: "webhook_retried"
        case .verb: "verb"
        case .updated: "updated"
        case .dialed: "dialed"
        case .keysSent: "keys_sent"
        case .streamConnected: "stream_connected"
        case .callerSpeaks: "caller_speaks"
        case .callerFinished: "caller_finished"
        case .callerPressed: "caller_pressed"
        case .callerGaveUp: "caller_gave_up"
        case .agentSpeaks: "agent_speaks"
        case .agentQuiet: "agent_quiet"
        case .markReturned: "mark_returned"
        case .cleared: "cleared"
        case .fault: "fault"
        case .serverEvent: "server_event"
        case .streamEnded: "stream_ended"
        case .failure: "failure"
        case .callEnded: "call_ended"
        }
    }

    /// What the event says beside its name.
    var detail: String {
        switch self {
        case .webhookAnswered(let url, let status, let afterMs): "\(status) from \(url) after \(afterMs) ms"
        case .webhookRetried(let url): url
        case .verb(let verb): "\(verb)"
        case .updated(let update): "\(update)"
        case .dialed(let party, let dialing): "\(party) \(dialing.status)"
        case .keysSent(let digits): digits
        case .streamConnected(let url, let streamSid): "\(streamSid) \(url)"
        case .callerSpeaks(let label), .callerFinished(let label): label
        case .callerPressed(let digit): String(digit)
        case .callerGaveUp(let what): what
        case .agentSpeaks(let responseMs): responseMs.map { "\($0)" } ?? ""
        case .agentQuiet: ""
        case .markReturned(let name, let cleared): name + (cleared ? " cleared" : " played")
        case .cleared(let droppedMs): "\(droppedMs)"
        case .fault(let fault): "\(fault)"
        case .serverEvent(let json): json
        case .streamEnded(let ending): "stream ended: \(ending)"
        case .failure(let error): "\(error)"
        case .callEnded(let ending): "call ended: \(ending.rawValue)"
        }
    }
}
