extension CallMachine {
    /// After a summary that failed, so many more entries come before the next is tried.
    private static let summaryRetryEntries = 6

    /// Has the oldest part of a long conversation put into few words while nobody waits for anything.
    mutating func summarizeIfFull() -> [CallAction] {
        guard lifecycle == .active, exchange == nil, !isSummarizing, conversation.count >= nextSummaryCount,
            let count = configuration.memory.summaryCount(of: conversation)
        else { return [] }
        isSummarizing = true
        return [.summarize(count: count, Array(conversation[..<count]))]
    }

    /// The oldest `count` entries have been put into these words; nil where that failed.
    mutating func summarized(count: Int, _ text: String?) -> [CallAction] {
        guard isSummarizing else { return [] }
        isSummarizing = false
        guard let text, !text.isEmpty, count <= conversation.count else {
            nextSummaryCount = conversation.count + Self.summaryRetryEntries
            return []
        }
        conversation.replaceSubrange(..<count, with: [ConversationTurn(role: .summary, text: text)])
        nextSummaryCount = 0
        return []
    }
}
