import HTTPTypes
import NIOCore
import NIOHTTP1
import Twilio

/// Tells Twilio's requests from everybody else's by their signature.
struct TwilioGuard: Sendable {
    /// The address Twilio was configured with, where the operator said so.
    let configuredURL: PublicURL?
    /// Whether the server secures its connections itself.
    let isSecured: Bool
    /// Checks signatures; nil when no auth token is known and webhooks are open.
    let signature: RequestSignature?
    /// The account that is configured, to say of a refused request that it is another's.
    var accountSid: String?

    /// The address of this server as the sender of a request sees it.
    func base(host: String?, forwardedProto: String?, peer: SocketAddress?) -> PublicURL? {
        configuredURL
            ?? PublicURL(host: host, forwardedProto: forwardedProto, isLoopbackPeer: peer?.isLoopback ?? false, isSecured: isSecured)
    }

    /// Whether a form-encoded or GET request comes from Twilio, or need not; `pathAndQuery` as received, untouched.
    func accepts(_ given: String?, base: PublicURL, pathAndQuery: String, parameters: WebhookParameters) -> Bool {
        guard let signature else { return true }
        guard let given else { return false }
        let url = base.http(pathAndQuery)
        // Twilio signs without the fragment; its own helper libraries, given the URL of the way back, sign with it.
        return signature.validate(given, url: url, parameters: parameters)
            || signature.validate(given, url: url + InboundTwiML.wayBackOverrides, parameters: parameters)
    }

    /// Whether a request with a body that is no form comes from Twilio, or need not.
    func accepts(_ given: String?, base: PublicURL, pathAndQuery: String, body: [UInt8]) -> Bool {
        guard let signature else { return true }
        guard let given else { return false }
        return signature.validate(given, url: base.http(pathAndQuery), body: body)
    }

    /// Whether a WebSocket handshake comes from Twilio, or need not; it is signed as the `wss:` URL of the TwiML.
    func acceptsHandshake(_ given: String?, base: PublicURL, path: String) -> Bool {
        guard let signature else { return true }
        guard let given else { return false }
        return signature.validate(given, url: base.webSocket(path), parameters: WebhookParameters())
    }

    /// The refusal of a request without a good signature.
    func unsigned(
        _ given: String?,
        base: PublicURL,
        target: String,
        _ content: SignatureFault.Content,
        from address: SignatureFault.Address,
        callSid: String?,
        account: String? = nil
    ) -> Refusal {
        var refusal = Refusal(.badSignature, "the X-Twilio-Signature is missing or wrong for this address and token")
        let fault = SignatureFault(
            given: given,
            base: base,
            isConfigured: configuredURL != nil,
            target: target,
            content: content,
            address: address,
            account: account,
            configuredAccount: accountSid
        )
        // Found out only if it is told: it costs some hashes.
        refusal.details = { [signature] in
            var details = ["url": fault.url, "signature": given == nil ? "missing" : "wrong"]
            details["cause"] = signature.map { fault.cause($0) }
            // What a stranger sent, unless it looks like what Twilio sends.
            details["call_sid"] = callSid.flatMap { InboundCallRequest.isCallSid($0) ? $0 : nil }
            return details
        }
        return refusal
    }

    /// Whether a client is Twilio by its own account; those get no messages but Twilio's.
    static func claimsToBeTwilio(userAgent: String?, signature: String?) -> Bool {
        signature != nil || userAgent?.hasPrefix("Twilio") == true
    }
}

extension SocketAddress {
    /// Whether the address is this machine's own.
    fileprivate var isLoopback: Bool {
        guard let ip = ipAddress else { return false }
        return ip.hasPrefix("127.") || ip == "::1" || ip.hasPrefix("::ffff:127.")
    }
}
