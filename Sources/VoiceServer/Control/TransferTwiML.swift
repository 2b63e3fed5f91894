import Conversation
import Twilio

/// The documents of transfers.
struct TransferTwiML: Sendable {
    /// How long a person who has answered may take to press a key, in seconds, after the sentence.
    private static let keySeconds = 6
    /// How often the person is asked.
    private static let attempts = 2
    /// What is told of a party's call.
    static let legEvents = ["initiated", "ringing", "answered", "completed"]

    let address: WebhookAddress
    let tokens: TransferTokens

    /// Where Twilio asks what a person who was called is to hear; nil while the server does not know its address.
    func accept(_ transfer: TransferKey, party: Int) -> String? {
        address.webhook("accept", query: tokens.query(transfer, party: party))
    }

    /// Where Twilio tells how a party's call goes.
    func status(_ transfer: TransferKey, party: Int) -> String? {
        address.webhook("status", query: tokens.query(transfer, party: party))
    }

    /// Calls the parties of a cold transfer; nil while the server does not know its address, or a target cannot be called.
    func coldDial(_ request: TransferRequest) -> TwiML.Dial? {
        let destination = request.destination
        let listens = destination.refusesMachines
        let parties = destination.targets.enumerated().compactMap { index, target in
            let query = tokens.query(request.key, party: index + 1)
            let leg = TwiML.Dial.Leg(
                statusCallback: address.webhook("status", query: query + (listens ? [.init(TransferDesk.listensParameter, "1")] : [])),
                statusCallbackEvents: Self.legEvents,
                machineDetection: listens ? "Enable" : nil,
                amdStatusCallback: listens ? address.webhook("amd-status", query: query) : nil
            )
            return TwiML.Dial.Party(target, leg: leg)
        }
        guard let action = address.dialStatus, !parties.isEmpty else { return nil }
        return TwiML.Dial(
            parties,
            callerID: request.callerID,
            timeoutSeconds: destination.ringSeconds,
            action: action,
            ringTone: destination.ringTone,
            sequential: parties.count > 1 && destination.order == .inOrder
        )
    }

    /// Tells a person who has answered who calls, and asks for a key; one who presses none is hung up on.
    func question(_ request: TransferRequest, party: Int) -> TwiML {
        let caller = request.session.from
        let words =
            [
                request.voice.briefing(request.destination.briefing, caller: caller, reason: request.reason)
            ] + request.voice.say(.pressOne)
        let gather = TwiML.Gather(words, numDigits: 1, timeoutSeconds: Self.keySeconds, action: accept(request.key, party: party))
        return TwiML(Array(repeating: .gather(gather), count: Self.attempts) + [.hangup])
    }

    /// Has the person who takes the call wait for the caller, without a sound.
    func partyMeets(_ transfer: TransferKey, party: Int) -> TwiML {
        TwiML([.dial(TwiML.Dial([.conference(conference(transfer, party: party, label: "party"))])), .hangup])
    }

    /// Has the caller meet the person who takes the call.
    func callerMeets(_ transfer: TransferKey, party: Int) -> TwiML {
        TwiML([.dial(TwiML.Dial([.conference(conference(transfer, party: party, label: "caller"))], action: address.dialStatus))])
    }

    /// Says that the caller is not waiting any more.
    func callerGone(_ voice: LineVoice) -> TwiML { TwiML(voice.say(.callerGone) + [.hangup]) }

    private func conference(_ transfer: TransferKey, party: Int, label: String) -> TwiML.Dial.Conference {
        // The first to leave ends it for both, so that the other is not left alone.
        TwiML.Dial.Conference(
            name: tokens.conference(transfer),
            startOnEnter: true,
            endOnExit: true,
            beep: "false",
            waitURL: "",
            statusCallback: address.webhook("conference-status", query: tokens.query(transfer, party: party)),
            statusCallbackEvents: ["start", "end", "join", "leave"],
            participantLabel: label
        )
    }
}
