/// Whose words and numbers a record holds: who may have them erased.
enum AuditOwner: Sendable, Hashable {
    /// Everybody who calls from this number.
    case number(String)
    /// The caller of one session, whose number was withheld.
    case session(String)

    /// The owner of what is said in a session.
    init(caller: String, session: String) {
        self = Self.owner(of: caller) ?? .session(session)
    }

    /// Everybody who calls from this number, however it is written; nil for a withheld one.
    static func owner(of number: String) -> AuditOwner? {
        CallerKey.key(of: number).map(AuditOwner.number)
    }

    /// A text that no other owner has.
    var text: String {
        switch self {
        case .number(let number): "number \(number)"
        case .session(let id): "session \(id)"
        }
    }
}
