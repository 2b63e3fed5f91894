import Conversation

/// Whom an upgraded media socket serves.
enum StreamAdmission: Sendable {
    case session(SessionRecord, isTwilio: Bool)
    /// A client that is not Twilio and asked for a session that is not there: it is told so on the socket.
    case unknown(String, message: String)

    /// The session asked for.
    var sessionID: String {
        switch self {
        case .session(let session, _): session.id
        case .unknown(let id, _): id
        }
    }

    /// Whether the peer is Twilio, which takes no messages but its own.
    var isTwilio: Bool {
        switch self {
        case .session(_, let isTwilio): isTwilio
        case .unknown: false
        }
    }
}
