import NIOCore
import NIOHTTP1

/// A request to the REST API.
struct RESTRequest: Sendable {
    /// The most bytes of a body that are read: more than a document of Twilio's 4,000 characters can have, however it is encoded.
    static let longestBody = 64 * 1024

    var method: String
    /// Without the query.
    var path: String
    /// What stands behind the question mark.
    var query: String
    var authorization: String?
    var body: [UInt8] = []
    /// Whether the connection stays open behind it.
    var isKeepAlive: Bool

    /// Starts a request whose body is still to come.
    init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        let parts = head.uri.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        query = parts.dropFirst().first.map(String.init) ?? ""
        authorization = head.headers.first(name: "Authorization")
        isKeepAlive = head.isKeepAlive
    }

    /// Takes a part of the body; false where it is too long.
    mutating func take(_ piece: ByteBuffer) -> Bool {
        guard body.count + piece.readableBytes <= Self.longestBody else { return false }
        body += piece.readableBytesView
        return true
    }
}

/// An answer of the REST API: JSON, always.
struct RESTAnswer: Sendable, Equatable {
    var status: Int
    var body: String
}
