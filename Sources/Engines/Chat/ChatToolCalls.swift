import Conversation

/// Puts the calls of tools together from their pieces.
///
/// OpenAI numbers the calls and sends name and id first, then the arguments in pieces. Others send whole calls at once, without numbers or all with
/// the number 0, without ids or with the same one, or (older vLLM) with a new id for every piece. A piece begins a new call where it has a name and
/// cannot belong to the call before.
struct ChatToolCalls: Sendable {
    private struct Draft {
        var index: Int?
        var id: String
        var name: String
        var arguments: String

        /// Nothing can be added to it.
        var isWhole: Bool {
            if case .object? = try? JSONValue(parsing: arguments) { true } else { false }
        }
    }

    private static let most = 32
    private var drafts: [Draft] = []

    /// Adds a piece.
    mutating func add(_ delta: ChatCallDelta) {
        guard let place = place(of: delta) else {
            guard drafts.count < Self.most else { return }
            return drafts.append(Draft(index: delta.index, id: delta.id, name: delta.name, arguments: delta.arguments))
        }
        drafts[place].arguments += delta.arguments
        if drafts[place].id.isEmpty { drafts[place].id = delta.id }
        if drafts[place].name.isEmpty { drafts[place].name = delta.name }
    }

    /// Gives the calls that were put together, and forgets them; what has no name cannot be called.
    ///
    /// - Parameter unique: makes an id unique within the session.
    /// - Returns: the calls, in the order in which they began.
    mutating func take(unique: (String) -> String) -> [ToolCall] {
        defer { drafts = [] }
        return drafts.filter { !$0.name.isEmpty }.map { ToolCall(id: unique($0.id), name: $0.name, arguments: $0.arguments) }
    }

    private func place(of delta: ChatCallDelta) -> Int? {
        guard let place = candidate(for: delta) else { return nil }
        let draft = drafts[place]
        guard !delta.name.isEmpty, !draft.name.isEmpty else { return place }
        let hasOtherID = !delta.id.isEmpty && !draft.id.isEmpty && delta.id != draft.id
        let isAnotherCall = hasOtherID || (!delta.arguments.isEmpty && draft.isWhole)
        return isAnotherCall ? nil : place
    }

    private func candidate(for delta: ChatCallDelta) -> Int? {
        if let index = delta.index { return drafts.lastIndex { $0.index == index } }
        if !delta.id.isEmpty, let known = drafts.lastIndex(where: { $0.id == delta.id }) { return known }
        return delta.name.isEmpty ? drafts.indices.last : nil
    }
}
