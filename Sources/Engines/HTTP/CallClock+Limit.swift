import Conversation

extension CallClock {
    /// Does some work until the clock shows a time, and then cancels it; gives nil where it was not done by then.
    func limit<Value: Sendable>(untilMs deadlineMs: Int, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await sleep(untilMs: deadlineMs)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
