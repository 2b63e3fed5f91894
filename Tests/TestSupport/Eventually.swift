/// Something that a test waited for in vain.
package struct WaitedInVain: Error, CustomStringConvertible {
    package var description: String
}

/// Waits until something holds that happens beside the test; for half a minute at most, unless it says otherwise.
///
/// - Parameters:
///   - what: what is waited for, for the failure.
///   - limit: how long at most.
///   - condition: whether it holds.
/// - Throws: ``WaitedInVain`` when it does not hold in time, or what the condition throws.
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw WaitedInVain(description: "waited \(limit) in vain: \(what)") }
        await Task.yield()
    }
}

/// Runs something that waits; for two minutes at most, unless it says otherwise.
///
/// - Parameters:
///   - what: what is waited for, for the failure.
///   - limit: how long at most.
///   - body: what waits; it is cancelled at the limit.
/// - Returns: what the body returns.
/// - Throws: ``WaitedInVain`` at the limit, or what the body throws.
package func waiting<Value: Sendable>(
    for what: @autoclosure () -> String,
    atMost limit: Duration = .seconds(120),
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            // The limit itself: nothing is expected to happen by then.
            try await ContinuousClock().sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else { throw WaitedInVain(description: "waited \(limit) in vain: \(what())") }
        return value
    }
}
