import Conversation

/// Makes sure that no two calls of a session have the same id.
struct ChatCallIDs: Sendable {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    private var taken: Set<String>
    private let makeID: @Sendable () -> String

    /// Knows the calls of a conversation.
    ///
    /// - Parameters:
    ///   - conversation: the call so far.
    ///   - makeID: makes ids up; nine letters and digits by default, which is what the strictest servers (Mistral's) take back.
    init(in conversation: [ConversationTurn], makeID: @escaping @Sendable () -> String = Self.random) {
        taken = Set(conversation.compactMap { $0.tool?.call.id })
        self.makeID = makeID
    }

    /// The id, or another one if it is empty or known.
    mutating func unique(_ id: String) -> String {
        var id = id
        while id.isEmpty || taken.contains(id) { id = makeID() }
        taken.insert(id)
        return id
    }

    private static let random: @Sendable () -> String = { String((0..<9).map { _ in letters[Int.random(in: letters.indices)] }) }
}
