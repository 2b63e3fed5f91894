import Conversation
import Engines
import Foundation
import HTTPTypes
import Hummingbird

/// A page of a session's events: what a request wants of it, and where the next one is.
///
/// It is the answer of an event stream's route to clients that accept `application/json` and no event stream.
struct EventPage: Sendable {
    /// How many events a page has if the request does not say.
    static let usualSize = 200
    /// How many events a page may have.
    static let maximumSize = 1000
    /// The query parameters that a page of events knows.
    static let parameters = ["after", "limit"]

    private let path: String
    private let after: Int
    private let size: Int

    /// Whether a request wants a page and no stream.
    static func isWanted(by request: Request) -> Bool {
        let accepted = request.headers[.accept]?.lowercased() ?? ""
        return accepted.contains("application/json") && !accepted.contains("text/event-stream")
    }

    /// Reads a request for events of a session; its newest one has the number `newest`.
    init(_ request: Request, newest: Int) throws(Problem) {
        let query = request.uri.queryParameters
        guard let size = query["limit"].map({ Int($0) }) ?? Self.usualSize, (1...Self.maximumSize).contains(size) else {
            throw Problem(.badParameter, "limit must be a number from 1 to \(Self.maximumSize)")
        }
        guard let after = query["after"].map({ Int($0) }) ?? 0, (0...newest).contains(after) else {
            throw Problem(.badParameter, "after must be the seq of an event of this session, of which there are \(newest)")
        }
        self.after = after
        self.size = size
        path = request.uri.path
    }

    /// The page.
    func response(_ session: String, from store: any CallStore) async throws -> Response {
        let found = try await store.events(of: session, after: after, limit: size + 1)
        let page = found.prefix(size)
        let next = found.count > size ? page.last.map { "\(path)?after=\($0.seq)&limit=\(size)" } : nil
        return Response(jsonText: "{\"events\":[\(page.map(\.json).joined(separator: ","))],\"next\":\(try JSONValue.text(next).text())}")
    }
}
