/// How much of a long call is kept as it was said.
package struct MemoryConfiguration: Sendable, Equatable, Codable {
    /// Tokens of conversation that the assistant is to be given at most.
    package var tokens = 6000
    /// Whether what no longer fits is put into few words; otherwise it is left out by the assistant itself.
    package var summarizes = false

    /// The defaults.
    package init() {}

    /// How many of the oldest entries are to be put into few words now; nil while all fit, or none are.
    ///
    /// The newest words of the caller stay as they are, and so does what still runs.
    func summaryCount(of conversation: [ConversationTurn]) -> Int? {
        guard summarizes else { return nil }
        let sizes = conversation.map(\.estimatedTokens)
        guard sizes.reduce(0, +) > tokens * 3 / 4 else { return nil }
        var kept = 0
        var count = conversation.count
        while count > 0, kept + sizes[count - 1] <= tokens / 4 {
            count -= 1
            kept += sizes[count]
        }
        let lastCaller = conversation.lastIndex { $0.role == .caller } ?? 0
        let firstRunning = conversation.firstIndex { $0.tool != nil && $0.tool?.outcome == nil } ?? conversation.count
        count = min(count, lastCaller, firstRunning)
        return count >= 2 ? count : nil
    }
}

extension ConversationTurn {
    /// About how many tokens a language model makes of it.
    package var estimatedTokens: Int {
        let use = tool.map { $0.call.name.utf8.count + $0.call.arguments.utf8.count + ($0.outcome?.text.utf8.count ?? 0) } ?? 0
        return (text.utf8.count + use) / 4 + 4
    }
}
