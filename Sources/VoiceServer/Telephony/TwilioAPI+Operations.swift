import Conversation
import Twilio

/// What an assistant can do to its call; every failure is an outcome.
extension TwilioAPI {
    /// The most keys that are sent at once.
    private static let mostKeys = 32

    /// Has Twilio call somebody else for the caller, which takes the call out of the agent's hands until it has ended.
    ///
    /// URLs in `dial` are absolute.
    func transfer(call: String, by dial: TwiML.Dial) async -> ToolOutcome {
        let update = CallUpdate.document(TwiML([.dial(dial)]))
        return await outcome(of: update, call: call, done: "The caller is being put through.", failed: "The caller could not be put through")
    }

    /// Presses keys in the call, and has Twilio come back for another stream.
    ///
    /// `digits` are 1 to 32 of `0`-`9`, `*`, `#`, and the pauses `w` (half a second) and `W` (a second). `wayBack` is the inbound webhook's URL,
    /// absolute.
    func sendDigits(call: String, digits: String, wayBack: String) async -> ToolOutcome {
        guard (1...Self.mostKeys).contains(digits.count), digits.allSatisfy(TwiML.keys.contains) else {
            return ToolOutcome(.invalid, "The keys must be 1 to \(Self.mostKeys) of 0 to 9, * and #, with w for a pause of half a second.")
        }
        let update = CallUpdate.document(TwiML([.playDigits(digits), .redirect(url: wayBack, method: "POST")]))
        return await outcome(of: update, call: call, done: "The keys are being pressed.", failed: "The keys could not be pressed")
    }

    private func outcome(of update: CallUpdate, call: String, done: String, failed: String) async -> ToolOutcome {
        do {
            try await self.update(call: call, with: update)
            return ToolOutcome(.done, done)
        } catch let error as TwilioAPIError where error.isCallOver {
            return ToolOutcome(.failed, "\(failed): the call is over.")
        } catch let error as TwilioAPIError {
            let status: ToolOutcome.Status =
                switch error.code {
                case .timedOut: .timedOut
                case .broken, .badAnswer: .unknown
                case .unreachable, .refused: .failed
                }
            return ToolOutcome(status, "\(failed): \(error.message).")
        } catch {
            return ToolOutcome(.unknown, "The work was broken off; whether it was done is not known.")
        }
    }
}

extension TwiML.Dial.Party {
    /// A telephone number in international form, or a SIP address; nil for anything else.
    init?(_ text: String, leg: TwiML.Dial.Leg) {
        switch CallerAddress(text) {
        case .e164(let number): self = .number(number, leg)
        case .sip(let address) where !address.contains(where: \.isWhitespace): self = .sip(address, leg)
        case .sip, .anonymous, .client, .other: return nil
        }
    }

    /// What the called party sees as the caller: the number that was called, if it is one.
    static func callerID(_ text: String) -> String? {
        if case .e164(let number) = CallerAddress(text) { number } else { nil }
    }
}
