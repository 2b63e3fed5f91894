import Foundation

/// The address under which the outside reaches this server.
struct PublicURL: Sendable, Equatable {
    /// `http` or `https`.
    var scheme: String
    /// Host and, where it is not the default, port.
    var authority: String
    /// A path prefix without a slash at its end; usually empty.
    var prefix = ""

    /// An `http:` or `https:` URL of a path.
    func http(_ path: String) -> String { "\(scheme)://\(authority)\(prefix)\(path)" }

    /// A `wss:` URL of a path; Twilio takes no other.
    func webSocket(_ path: String) -> String { "wss://\(authority)\(prefix)\(path)" }

    /// Reads a configured base such as `https://voice.example.com`; nil when it is not one.
    init?(configured text: String) {
        guard let separator = text.range(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        var rest = text[separator.upperBound...]
        while rest.last == "/" { rest.removeLast() }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard ["http", "https"].contains(scheme), Self.isAuthority(rest[..<slash]), !rest.contains(where: { "?#".contains($0) }) else { return nil }
        self.scheme = scheme
        authority = String(rest[..<slash])
        prefix = String(rest[slash...])
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
    private static func isAuthority(_ text: Substring) -> Bool {
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
