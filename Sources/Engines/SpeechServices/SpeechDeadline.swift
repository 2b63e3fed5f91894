/// Gives work up that takes too long.
enum SpeechDeadline {
    /// The work was not done in time.
    struct Exceeded: Error {}

    /// Does `work`, which is cancelled at `deadline`.
    ///
    /// - Throws: ``Exceeded``, or what the work throws.
    static func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw Exceeded() }
            return value
        }
    }
}

extension ContinuousClock.Instant {
    /// The moment that is so many ms from now.
    static func inMs(_ milliseconds: Int) -> Self { .now + .milliseconds(milliseconds) }
}
