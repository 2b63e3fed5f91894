import Foundation

/// Where each URL of a call is reached from here, and as what it is signed.
///
/// The server names itself as the outside sees it, `wss://voice.example.com/...`, while the twin may reach it at `http://127.0.0.1:8000`.
/// URLs whose host and port are those of the public URL or of the webhook are reached where the webhook is, with its kind of transport.
struct TwinRouting: Sendable {
    /// Scheme, host and port of the webhook as it is reached.
    private let near: URLComponents
    /// Scheme, host and port of the server as the outside sees it.
    private let far: URLComponents

    /// The webhook's URL as the outside sees it.
    let webhookURL: String

    /// Reads the call's URLs.
    init(webhookURL: String, publicURL: String?) throws(TwinError) {
        let webhook = try Self.components(webhookURL, schemes: ["http", "https"])
        near = webhook
        far = try publicURL.map { text throws(TwinError) in try Self.components(text, schemes: ["http", "https"]) } ?? webhook
        self.webhookURL = Self.moved(webhook, to: far).string ?? webhookURL
    }

    /// A URL in a document, relative to the document's own, made absolute.
    func resolve(_ url: String, against document: String) throws(TwinError) -> String {
        guard !url.isEmpty else { return document }
        guard !url.contains("://") else { return url }
        guard let base = URL(string: document), let absolute = URL(string: url, relativeTo: base) else {
            throw TwinError(.invalidURL, "the document names a URL that cannot be read: \(OneLine(url))")
        }
        return absolute.absoluteString
    }

    /// Where an HTTP URL of the outside is fetched from here.
    func reach(_ url: String) throws(TwinError) -> String {
        let components = try Self.components(url, schemes: ["http", "https"])
        return (isServer(components) ? Self.moved(components, to: near) : components).string ?? url
    }

    /// What Twilio signs for an HTTP request: no fragment, no user, and over HTTPS no port.
    func signedURL(_ url: String) -> String {
        guard var components = URLComponents(string: url) else { return url }
        components.fragment = nil
        components.user = nil
        components.password = nil
        if components.scheme == "https" { components.port = nil }
        return components.string ?? url
    }

    /// Where a media socket is reached from here, for a stream's URL without its query.
    func socket(_ url: String, checksCertificate: Bool, headers: [(name: String, value: String)]) throws(TwinError) -> MediaSocketTarget {
        let stream = try Self.components(url, schemes: ["ws", "wss", "http", "https"])
        let isOurs = isServer(stream)
        let isSecure = isOurs ? near.scheme == "https" : stream.scheme == "wss" || stream.scheme == "https"
        let place = isOurs ? near : stream
        var target = MediaSocketTarget(
            host: (place.host ?? "").trimmingCharacters(in: ["[", "]"]),
            port: place.port ?? (isSecure ? 443 : 80),
            isSecure: isSecure,
            checksCertificate: checksCertificate,
            path: stream.percentEncodedPath.isEmpty ? "/" : stream.percentEncodedPath,
            authority: Self.authority(stream),
            headers: headers
        )
        target.isElsewhere = !isOurs
        return target
    }

    /// Whether the URL names the server under its near or its far name.
    private func isServer(_ url: URLComponents) -> Bool {
        [near, far].contains { $0.host?.lowercased() == url.host?.lowercased() && Self.port($0) == Self.port(url) }
            || (url.port == nil && near.port != nil && far.port == nil && far.host == url.host)
    }

    private static func port(_ url: URLComponents) -> Int {
        url.port ?? (url.scheme == "https" || url.scheme == "wss" ? 443 : 80)
    }

    private static func authority(_ url: URLComponents) -> String {
        (url.host ?? "") + (url.port.map { ":\($0)" } ?? "")
    }

    private static func moved(_ url: URLComponents, to place: URLComponents) -> URLComponents {
        var moved = url
        moved.scheme = place.scheme
        moved.host = place.host
        moved.port = place.port
        return moved
    }

    private static func components(_ url: String, schemes: Set<String>) throws(TwinError) -> URLComponents {
        guard let components = URLComponents(string: url), let host = components.host, !host.isEmpty else {
            throw TwinError(.invalidURL, "\(OneLine(url)) is no URL with a host; give one such as http://127.0.0.1:8000/api/voice/twilio/inbound")
        }
        guard let scheme = components.scheme?.lowercased(), schemes.contains(scheme) else {
            throw TwinError(.invalidURL, "\(OneLine(url)) does not begin with \(schemes.sorted().joined(separator: " or ")): correct the URL")
        }
        return components
    }
}
