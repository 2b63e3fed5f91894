import Synchronization
import Twilio

/// Where Twilio reaches this server, as its newest webhook showed.
final class WebhookAddress: Sendable {
    private let base: Mutex<PublicURL?>

    /// Makes an address that is known only once a webhook has come, unless it was configured.
    init(_ configured: PublicURL?) { base = Mutex(configured) }

    /// The inbound webhook, absolute.
    var inbound: String? { url("/api/voice/twilio/inbound") }

    /// Where Twilio tells what came of a `<Dial>`, absolute.
    var dialStatus: String? { url("/api/voice/twilio/dial-status") }

    /// Any other webhook, absolute, with this query.
    func webhook(_ name: String, query: [WebhookParameters.Pair] = []) -> String? {
        let text = query.isEmpty ? "" : "?" + WebhookParameters(query).formEncoded
        return base.withLock(\.self).map { $0.http("/api/voice/twilio/\(name)") + text + InboundTwiML.wayBackOverrides }
    }

    private func url(_ path: String) -> String? { base.withLock(\.self).map { $0.http(path) + InboundTwiML.wayBackOverrides } }

    /// Takes note of the address that a webhook was sent to.
    func note(_ new: PublicURL) { base.withLock { $0 = new } }
}
