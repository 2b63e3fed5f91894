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
