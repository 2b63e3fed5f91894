import Foundation

/// Where a server is, and how to be let in.
package struct RedisAddress: Sendable, Equatable, CustomStringConvertible {
    /// What is connected to.
    enum Endpoint: Sendable, Equatable {
        case host(String, port: Int, isSecure: Bool)
        case unixSocket(String)
    }

    var endpoint: Endpoint
    var user: String?
    var password: String?
    var database = 0
    /// A file of the certificates that are trusted instead of the system's.
    var trustedCertificates: String?

    /// Reads `redis://[[user]:password@]host[:port][/database]`, `rediss://` for TLS (`?ca=FILE` to trust a certificate of one's own),
    /// or `unix:/path[?db=N]`; nil when it is none of these.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text) else { return nil }
        let query = Dictionary(parts.queryItems?.map { ($0.name, $0.value ?? "") } ?? [], uniquingKeysWith: { $1 })
        guard Set(query.keys).isSubset(of: ["ca", "db"]), parts.fragment == nil else { return nil }
        var databaseText = query["db"]
        switch parts.scheme?.lowercased() {
        case "redis", "rediss":
            guard let host = parts.host, !host.isEmpty else { return nil }
            let isSecure = parts.scheme?.lowercased() == "rediss"
            let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            endpoint = .host(bare, port: parts.port ?? 6379, isSecure: isSecure)
            if parts.path.count > 1 { databaseText = String(parts.path.dropFirst()) }
        case "unix":
            guard parts.path.hasPrefix("/") else { return nil }
            endpoint = .unixSocket(parts.path)
        default: return nil
        }
        if let databaseText {
            guard let number = Int(databaseText), number >= 0 else { return nil }
            database = number
        }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
        trustedCertificates = query["ca"]
    }

    /// The place alone: whoever sees this learns no password.
    package var description: String {
        switch endpoint {
        case .host(let host, let port, let isSecure):
            "\(isSecure ? "rediss" : "redis")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }
}
