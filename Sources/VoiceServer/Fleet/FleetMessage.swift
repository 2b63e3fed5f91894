import Foundation

/// What one server says to another.
struct FleetMessage: Sendable, Codable, Equatable {
    /// What it is about.
    enum Kind: String, Sendable, Codable {
        /// End a call that you hold.
        case end
        /// Give me a session that you hold.
        case handover
        /// Delete what you keep of a caller, whose key is the reason.
        case erase
        /// The answer to any of them.
        case answer
    }

    /// Tells answers apart.
    var id: String
    /// The server that sent it.
    var from: String
    var kind: Kind
    var session: String
    /// Why a call is to be ended, or whose data is to be deleted.
    var reason: String?
    /// Of an answer: whether it was done.
    var isDone: Bool?

    /// As it lies in an inbox.
    func text() throws -> String {
        String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    }

    /// Reads what ``text()`` wrote; nil when it is none.
    init?(text: String) {
        guard let message = try? JSONDecoder().decode(FleetMessage.self, from: Data(text.utf8)) else { return nil }
        self = message
    }

    /// Makes a message.
    init(id: String, from: String, kind: Kind, session: String, reason: String? = nil, isDone: Bool? = nil) {
        self.id = id
        self.from = from
        self.kind = kind
        self.session = session
        self.reason = reason
        self.isDone = isDone
    }
}
