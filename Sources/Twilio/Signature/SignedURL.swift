/// A URL taken apart just enough to say which spellings of it Twilio may have signed.
///
/// Twilio signs the URL it was configured with, without user, password and fragment, its path and query untouched. It drops the port
/// of some URLs and keeps that of others, so its libraries accept both; and it may sign a WebSocket's URL with a `/` at the end.
struct SignedURL {
    private let scheme: Substring
    private let host: Substring
    private let port: Substring?
    private let path: Substring
    private let query: Substring

    /// Takes a URL apart without changing a byte of what is kept; text that is no URL is all path.
    init(_ url: String) {
        let whole = url.prefix { $0 != "#" }
        guard let colon = whole.firstRange(of: "://") else {
            (scheme, host, port, query) = ("", "", nil, "")
            path = whole
            return
        }
        scheme = whole[..<colon.lowerBound]
        let rest = whole[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterUser = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        // The colons inside an IPv6 address are within brackets.
        let portColon = afterUser.lastIndex(of: ":").flatMap { afterUser[$0...].contains("]") ? nil : $0 }
        host = afterUser[..<(portColon ?? afterUser.endIndex)]
        port = portColon.map { afterUser[afterUser.index(after: $0)...] }
        let afterHost = rest[authority.endIndex...]
        path = afterHost.prefix { $0 != "?" }
        query = afterHost[path.endIndex...]
    }

    /// Every spelling whose signature is accepted.
    var candidates: [String] {
        guard !scheme.isEmpty else { return [String(path)] }
        let ports: [Substring?] = [port, port == nil ? defaultPort : nil]
        var candidates: [String] = []
        for port in ports {
            let origin = scheme + "://" + host + (port.map { ":" + $0 } ?? "")
            for path in paths { candidates.append(String(origin + path + query)) }
        }
        return candidates
    }

    /// The value of `bodySHA256` in the query, as it stands.
    var bodySHA256: String? {
        query.dropFirst().split(separator: "&").lazy
            .filter { $0.hasPrefix("bodySHA256=") }
            .map { String($0.dropFirst("bodySHA256=".count)) }
            .first
    }

    private var isWebSocket: Bool { scheme == "wss" || scheme == "ws" }

    private var defaultPort: Substring { scheme == "https" || scheme == "wss" ? "443" : "80" }

    private var paths: [Substring] {
        guard isWebSocket else { return [path] }
        return path.hasSuffix("/") ? [path, path.dropLast()] : [path, path + "/"]
    }
}
