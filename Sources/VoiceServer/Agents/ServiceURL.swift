import Foundation

/// Addresses of services that the server calls.
enum ServiceURL {
    /// What is wrong with an address, without telling it: it may hold a secret; nil where nothing is.
    static func problem(_ text: String, mayHaveQuery: Bool) -> String? {
        let example = "is not a URL like https://host/path"
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"{}|\\^`".utf8.contains($0) }
        guard isPlain, let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, isHost(host), (1...65_535).contains(parts.port ?? 443)
        else { return example }
        if parts.user != nil || parts.password != nil { return "must not hold a user or password; give those as a key or header" }
        if parts.fragment != nil { return "must not have a part behind #" }
        if parts.query != nil, !mayHaveQuery { return "must not have a part behind ?: paths are put behind it" }
        return nil
    }

    /// The address without slashes at its end, so that paths can be put behind it.
    static func base(_ text: String) -> String {
        String(text.reversed().drop { $0 == "/" }.reversed())
    }

    private static func isHost(_ host: String) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: ".-_:[]".utf8.contains(byte)
                }
            }
    }
}
