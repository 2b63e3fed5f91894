/// Where a media socket is, and what its handshake says.
package struct MediaSocketTarget: Sendable, Equatable {
    /// Name or address to connect to.
    package var host: String
    /// TCP port.
    package var port: Int
    /// `wss` rather than `ws`.
    package var isSecure: Bool
    /// Whether the certificate must be valid for the host.
    package var checksCertificate: Bool
    /// PEM certificates that are trusted beside the system's.
    package var caFile: String?
    /// Path and query, beginning with `/`.
    package var path: String
    /// The `Host` header.
    package var authority: String
    /// Further headers of the handshake, in order.
    package var headers: [(name: String, value: String)]
    /// The document names a host that is neither the webhook's nor the server's public one.
    package var isElsewhere = false

    /// Makes a target.
    package init(
        host: String,
        port: Int,
        isSecure: Bool,
        checksCertificate: Bool = true,
        path: String,
        authority: String,
        headers: [(name: String, value: String)] = []
    ) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.checksCertificate = checksCertificate
        self.path = path
        self.authority = authority
        self.headers = headers
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.host == other.host && one.port == other.port && one.isSecure == other.isSecure && one.checksCertificate == other.checksCertificate
            && one.caFile == other.caFile && one.isElsewhere == other.isElsewhere
            && one.path == other.path && one.authority == other.authority
            && one.headers.elementsEqual(other.headers) { $0.name == $1.name && $0.value == $1.value }
    }
}
