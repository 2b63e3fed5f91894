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
        var extra: [String: JSONValue]
        var functionExtra: [String: JSONValue]

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
            return drafts.append(
                Draft(
                    index: delta.index,
                    id: delta.id,
                    name: delta.name,
                    arguments: delta.arguments,
                    extra: delta.extra,
                    functionExtra: delta.functionExtra
                )
            )
        }
        drafts[place].arguments += delta.arguments
        drafts[place].extra = drafts[place].extra.merging(pieces: delta.extra)
        drafts[place].functionExtra = drafts[place].functionExtra.merging(pieces: delta.functionExtra)
        if drafts[place].id.isEmpty { drafts[place].id = delta.id }
        if drafts[place].name.isEmpty { drafts[place].name = delta.name }
    }

    /// Whether no call has begun.
    var isEmpty: Bool { drafts.isEmpty }

    /// Drops the calls whose arguments may have lost a part.
    mutating func dropIncomplete() { drafts.removeAll { !$0.isWhole } }

    /// Drops all calls.
    mutating func dropAll() { drafts = [] }

    /// Gives the calls that were put together, and forgets them; what has no name cannot be called.
    ///
    /// - Parameters:
    ///   - message: what the service attached to the message around them.
    ///   - origin: the endpoint that made them.
    ///   - ids: makes ids unique within the session.
    /// - Returns: the calls, in the order in which they began.
    mutating func take(message: [String: JSONValue], origin: String, ids: inout ChatCallIDs) -> [ToolCall] {
        defer { drafts = [] }
        let named = drafts.filter { !$0.name.isEmpty }
        let isBare = message.isEmpty && named.count < 2 && named.allSatisfy { $0.extra.isEmpty && $0.functionExtra.isEmpty }
        let group = isBare ? "" : ids.unique("")
        return named.enumerated().map { place, draft in
            let call = ToolCall(id: ids.unique(draft.id), name: draft.name, arguments: draft.arguments)
            guard !isBare else { return call }
            var attachment = ChatAttachment(origin: origin, group: group)
            if place == 0 { attachment.message = message }
            attachment.call = draft.extra
            attachment.function = draft.functionExtra
            return ToolCall(id: call.id, name: call.name, arguments: call.arguments, attachment: attachment.text)
        }
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
