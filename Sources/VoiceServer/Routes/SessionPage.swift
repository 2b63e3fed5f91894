import Conversation
import Engines
import Foundation
import Hummingbird

/// A page of a list of sessions: what a request wants of it, and where the next one is.
struct SessionPage: Sendable {
    /// How many sessions a page has if the request does not say.
    static let usualSize = 50
    /// How many sessions a page may have.
    static let maximumSize = 500
    /// The query parameters that a list of sessions knows.
    static let parameters = ["limit", anchor]
    private static let anchor = "before"

    /// How many sessions are wanted.
    let size: Int
    /// The id of the session, or the moment, before which the page begins; nil for the newest.
    let before: String?
    private let path: String
    /// The rest of the query, for the next page.
    private let kept: [(name: String, value: String)]

    /// Reads a request.
    init(_ request: Request) throws(Problem) {
        let query = request.uri.queryParameters
        let given = query["limit"].map { Int($0) } ?? Self.usualSize
        guard let size = given, (1...Self.maximumSize).contains(size) else {
            throw Problem(.badParameter, "limit must be a number from 1 to \(Self.maximumSize)")
        }
        self.size = size
        before = query[Self.anchor[...]].map(String.init)
        path = request.uri.path
        kept = query.map { (name: String($0.key), value: String($0.value)) }
            .filter { !$0.name.isEmpty && ![Self.anchor, BearerTokenMiddleware.parameter].contains($0.name) }
    }

    /// Refuses a page before a session that is unknown; `isKnown` says whether a session of this id is there.
    func checkAnchor(mayBeMoment: Bool, isKnown: (String) async throws -> Bool) async throws {
        guard let before, !(mayBeMoment && Timestamp.microseconds(before) != nil) else { return }
        guard try await !isKnown(before) else { return }
        let others = mayBeMoment ? "give the id of a session, or a moment such as \(Timestamp.text(Timestamp.now))" : "give the id of a session"
        throw Problem(.badParameter, "before names no session that is here: \(LogField.escaped(String(before.prefix(64)))); \(others)")
    }

    /// The members of the answer; `found` has one session more than wanted if there are further pages.
    func members(_ found: [SessionRecord]) -> [String: JSONValue] {
        let page = found.prefix(size)
        let following = found.count > size ? page.last.map { path(after: $0.id) } : nil
        return ["sessions": .array(page.map(\.json)), "next": .text(following)]
    }

    /// How many sessions to look for.
    var lookedFor: Int { size + 1 }

    private func path(after id: String) -> String {
        let pairs = kept + [(name: Self.anchor, value: id)]
        return path + "?" + pairs.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? ""
    }
}
