import Twilio

/// What reaches others than the server: the party that is dialed, and who hears the keys.
extension CallProgress {
    /// A key's tone and the silence behind it.
    private static let keyMs = 200
    /// How long Twilio lets it ring, in seconds, and how much it always adds to that.
    private static let ringSeconds = 30
    private static let addedSeconds = 5

    /// Sends keys, which takes its time.
    func send(_ digits: String) async {
        log.record(.keysSent(digits))
        await wait(.milliseconds(digits.reduce(0) { $0 + Self.milliseconds($1) }))
    }

    private static func milliseconds(_ key: Character) -> Int {
        switch key {
        case "w": 500
        case "W": 1000
        default: keyMs
        }
    }

    /// Calls somebody else; whether that one answers is in the configuration.
    func dial(_ dial: TwiML.Dial, in document: CallDocument) async -> CallStep? {
        let dialing = configuration.dialing
        let party = dial.parties.map(\.address).joined(separator: ", ")
        let began = log.nowMs
        if dialing == .noAnswer { await wait(.seconds((dial.timeoutSeconds ?? Self.ringSeconds) + Self.addedSeconds)) }
        // Nobody learns any more what came of it.
        guard !line.isInterrupted else { return nil }
        log.record(.dialed(to: party, dialing))
        switch dialing {
        case .answered(let seconds):
            await wait(.seconds(seconds))
            return .end(.transferred)
        case .hungUp(let seconds), .declined(let seconds):
            await wait(.seconds(seconds))
        case .busy, .noAnswer, .failed:
            break
        }
        guard let action = dial.action else { return nil }
        return redirect(to: action, method: dial.method, in: document, extra: Self.pairs(dialing, milliseconds: log.nowMs - began))
    }

    /// What Twilio tells a `<Dial>`'s action.
    private static func pairs(_ dialing: Dialing, milliseconds: Int) -> [WebhookParameters.Pair] {
        let pairs: [WebhookParameters.Pair] = [.init("DialCallStatus", dialing.status), .init("DialCallSid", Sid.random(.call))]
        let bridged: [WebhookParameters.Pair] = [.init("DialBridged", "\(dialing.isAnswered)")]
        return pairs + bridged + (dialing.status == "completed" ? [.init("DialCallDuration", "\(milliseconds / 1000)")] : [])
    }
}
