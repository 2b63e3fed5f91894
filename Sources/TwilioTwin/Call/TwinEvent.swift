package import Twilio

/// Something that happened in a call, as it happens.
package struct TwinEvent: Sendable, Equatable {
    /// Milliseconds since the call began.
    package var atMs: Int
    /// What happened.
    package var kind: Kind

    /// Makes an event.
    package init(atMs: Int, kind: Kind) {
        self.atMs = atMs
        self.kind = kind
    }

    /// What happened.
    package enum Kind: Sendable, Equatable {
        /// The webhook, or a redirect, answered with a document.
        case webhookAnswered(url: String, status: Int, afterMs: Int)
        /// Nothing answered; the webhook is sent again.
        case webhookRetried(url: String)
        /// A verb begins; what `<Say>` would say is in it.
        case verb(TwiML.Verb)
        /// The call leaves what it did, because the server said so by REST.
        case updated(CallUpdate)
        /// A `<Dial>` connected the caller, or did not.
        case dialed(to: String, DialOutcome)
        /// Something happened on a call that was dialled or placed for the server.
        case leg(TwinLegEvent)
        /// `<Play digits>` sends keys.
        case keysSent(String)
        /// The socket is open.
        case streamConnected(url: String, streamSid: String)
        /// The caller begins a clip.
        case callerSpeaks(label: String)
        /// The caller has finished a clip.
        case callerFinished(label: String)
        /// The caller presses a key.
        case callerPressed(digit: Character)
        /// The script waited for the agent in vain.
        case callerGaveUp(String)
        /// The agent is heard again after 400 ms of silence or more; the first time after the caller spoke, with the response in ms.
        case agentSpeaks(responseMs: Int?)
        /// The agent has been silent for 400 ms.
        case agentQuiet
        /// A mark was played or cleared and goes back to the server.
        case markReturned(name: String, cleared: Bool)
        /// The server emptied the playout buffer, which held this much audio.
        case cleared(droppedMs: Int)
        /// What Twilio's debugger would show.
        case fault(TwilioFault)
        /// A JSON object of the server that is no Twilio message, to the letter.
        case serverEvent(String)
        /// The stream is over.
        case streamEnded(StreamEnding)
        /// A webhook, callback or socket failed and the call went on or ended as Twilio's would.
        case failure(TwinError)
        /// The call is over.
        case callEnded(CallEnding)
    }
}
