import Foundation

/// The address under which the outside reaches this server.
struct PublicURL: Sendable, Equatable {
    /// `http` or `https`.
    var scheme: String
    /// Host and, where it is not the default, port.
    var authority: String

    /// Scheme, host and port, such as `https://voice.example.com`.
    var base: String { "\(scheme)://\(authority)" }

    /// An `http:` or `https:` URL of a path.
    func http(_ path: String) -> String { base + path }

    /// A `wss:` URL of a path; Twilio takes no other.
    func webSocket(_ path: String) -> String { "wss://\(authority)\(path)" }

    /// Makes an address of its parts.
    init(scheme: String, authority: String) {
        self.scheme = scheme
        self.authority = authority
    }

    /// Why a configured address cannot be used.
    struct Problem: Error, Equatable {
        /// What is wrong and what mends it.
        var message: String
        /// Whether the address may be shown beside it.
        var isShown = false
    }

    /// Reads a configured address such as `https://voice.example.com`: scheme and host in lower case, without default port and slash at its end.
    ///
    /// - Throws: ``Problem`` where it has more than scheme, host and port: signatures would be checked against another address than Twilio's.
    init(configured text: String) throws(Problem) {
        guard let separator = text.range(of: "://") else { throw Problem(message: "is not like https://voice.example.com", isShown: true) }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw Problem(message: "must not hold a user or password; set it to the scheme and host alone, like https://voice.example.com")
        }
        let isSecure = scheme == "https" || scheme == "wss"
        guard let host = try Self.normal(authority, defaultPort: isSecure ? 443 : 80) else {
            throw Problem(message: "is not like https://voice.example.com", isShown: true)
        }
        let mended = "\(isSecure ? "https" : "http")://\(host)"
        guard scheme == "http" || scheme == "https" else { throw Problem(message: "must begin with http:// or https://; set it to https://\(host)") }
        let tail = rest[authority.endIndex...]
        let path = tail.prefix { !"?#".contains($0) }
        if tail.contains("#") { throw Problem(message: "has a part behind #, which nobody sends; set it to \(mended)") }
        if tail.contains("?") { throw Problem(message: "has a part behind ?, which belongs to a webhook; set it to \(mended)") }
        if path.contains(where: { $0 != "/" }) {
            let shown = LogField.onOneLine(String(path.prefix(100)))
            throw Problem(message: "has the path \(shown), and the server has paths of its own; set it to \(mended)")
        }
        self.scheme = scheme
        self.authority = host
    }

    /// Host and port in their usual spelling; nil where they are none.
    private static func normal(_ authority: Substring, defaultPort: Int) throws(Problem) -> String? {
        guard isAuthority(authority) else { return nil }
        let text = authority.lowercased()
        // The colons inside an IPv6 address are within brackets.
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else { return text }
        let host = text[..<colon]
        guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port), !host.isEmpty else {
            throw Problem(message: "has a port that is not a number from 1 to 65535", isShown: true)
        }
        return port == defaultPort ? String(host) : "\(host):\(port)"
    }

    /// Builds the address from a request's own words, since none is configured; nil when they hold no host.
    ///
    /// - Parameters:
    ///   - host: the `Host` header.
    ///   - forwardedProto: `X-Forwarded-Proto`; believed only from a loopback peer, since anyone can send it.
    ///   - isLoopbackPeer: whether the request comes from this machine.
    ///   - isSecured: whether the connection itself is secured.
    init?(host: String?, forwardedProto: String?, isLoopbackPeer: Bool, isSecured: Bool = false) {
        guard let host, Self.isAuthority(host[...]) else { return nil }
        authority = host
        let first = forwardedProto?.split(separator: ",").first.map { $0.filter { !$0.isWhitespace }.lowercased() }
        scheme = isSecured || isLoopbackPeer && ["https", "wss"].contains(first) ? "https" : "http"
    }

    /// Whether the text is a host with an optional port; anything else could break out of a URL or a document.
    static func isAuthority(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): true
                default: false
                }
            }
    }
}
