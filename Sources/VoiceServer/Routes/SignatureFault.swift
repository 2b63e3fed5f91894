import Foundation
import Twilio

/// A request whose signature was refused, and what may have been signed instead.
///
/// A signature does not show what went wrong. So this type checks it against other URLs that Twilio may have been given.
struct SignatureFault: Sendable {
    /// What the signature covers beside the address.
    enum Content: Sendable {
        /// A form, or nothing.
        case form(WebhookParameters)
        /// A body that is no form.
        case body([UInt8])
        /// The handshake of a media socket.
        case handshake
    }

    /// The headers that name the address of a request.
    struct Address: Sendable, Equatable {
        /// `Host`.
        var host: String?
        /// `X-Forwarded-Host`.
        var forwardedHost: String?
        /// `X-Forwarded-Port`.
        var forwardedPort: String?
    }

    /// A larger body is not hashed again for each address.
    static let maximumBytes = 16 * 1024

    /// The signature that came; nil if none did.
    let given: String?
    /// The address of this server that was taken.
    let base: PublicURL
    /// Whether that is `AGENTOS_PUBLIC_URL`.
    let isConfigured: Bool
    /// Path and query as received.
    let target: String
    let content: Content
    let address: Address
    /// The account whose call it is, as the request says.
    var account: String?
    /// The account that is configured.
    var configuredAccount: String?

    /// The address that the signature was checked against, without tokens in its query.
    var url: String { Self.shown(url(base, target)) }

    /// Why it was refused, as far as can be found out.
    func cause(_ signature: RequestSignature) -> String {
        guard let given else {
            return "the request is not Twilio's, or a proxy removes the X-Twilio-Signature header"
        }
        if let found = fitting(given, signature) { return found }
        if let account, let configuredAccount, account != configuredAccount, TwilioCredential.problem(accountSid: account) == nil {
            return "the call is of account \(account) and TWILIO_ACCOUNT_SID is \(configuredAccount); set TWILIO_AUTH_TOKEN to that account's token"
        }
        return "TWILIO_AUTH_TOKEN is another account's or an old one, or a proxy changed the address or the body"
    }

    /// The first of the likely addresses that the signature fits, in words.
    private func fitting(_ given: String, _ signature: RequestSignature) -> String? {
        guard size <= Self.maximumBytes else { return nil }
        let bases = bases
        let targets = targets
        for base in bases {
            for target in targets where (base, target) != (self.base, self.target) {
                if fits(given, url(base, target), signature) { return words(base, target) }
            }
        }
        return nil
    }

    private var size: Int {
        switch content {
        case .form(let parameters): parameters.pairs.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        case .body(let bytes): bytes.count
        case .handshake: 0
        }
    }

    /// The addresses that Twilio may know this server under: this one with either scheme, and those that the request names.
    private var bases: [PublicURL] {
        var authorities = [base.authority]
        let named = [address.forwardedHost, address.host].compactMap { $0 }
        let ported = named.flatMap { name in address.forwardedPort.map { ["\(name):\($0)"] } ?? [] }
        for authority in named + ported {
            let authority = String(authority.prefix { $0 != "," }).filter { !$0.isWhitespace }
            if PublicURL.isAuthority(authority[...]), !authorities.contains(authority), authorities.count < 5 { authorities.append(authority) }
        }
        let other = base.scheme == "https" ? "http" : "https"
        return authorities.flatMap { authority in [base.scheme, other].map { PublicURL(scheme: $0, authority: authority) } }
    }

    /// The path as it came, and with what proxies add and take away.
    private var targets: [String] {
        let path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...]
        let other = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path + "/"
        return [target, other + query] + (query.isEmpty ? [] : [String(path), other])
    }

    private func url(_ base: PublicURL, _ target: String) -> String {
        guard case .handshake = content else { return base.http(target) }
        return "\(base.scheme == "https" || base == self.base ? "wss" : "ws")://\(base.authority)\(target)"
    }

    private func fits(_ given: String, _ url: String, _ signature: RequestSignature) -> Bool {
        switch content {
        case .form(let parameters):
            signature.validate(given, url: url, parameters: parameters)
                || signature.validate(given, url: url + InboundTwiML.wayBackOverrides, parameters: parameters)
        case .body(let bytes): signature.validate(given, url: url, body: bytes)
        case .handshake: signature.validate(given, url: url, parameters: WebhookParameters())
        }
    }

    private func words(_ found: PublicURL, _ target: String) -> String {
        let fits = "the signature fits \(Self.shown(url(found, target)))"
        guard found == base else {
            let other =
                if isConfigured {
                    "AGENTOS_PUBLIC_URL is \(base.base)"
                } else if found.authority == base.authority {
                    "the proxy does not pass X-Forwarded-Proto, or is on another machine"
                } else {
                    "the proxy changes the Host header"
                }
            return "\(fits): \(other); set AGENTOS_PUBLIC_URL=\(found.base)"
        }
        let what = target.contains("?") == self.target.contains("?") ? "the path" : "the query"
        return "\(fits): a proxy changes \(what); keep it from that, or give Twilio the address as it arrives here"
    }

    /// An address as the log may have it: tokens in its query hidden, and cut.
    private static func shown(_ url: String) -> String {
        String(url.prefix(500)).replacing(/(?i)([?&][^=&]*token[^=&]*=)[^&#]*/) { "\($0.1)***" }
    }
}
