/// Which servers have been dead for so long that their calls will not come back to them.
///
/// A server that only lost its way to Redis looks the same for a while, and its calls go on: so nobody is in a hurry.
struct FleetWatch: Sendable {
    private let patience: Duration
    private var deadSince: [String: ContinuousClock.Instant] = [:]

    /// Makes a watch that waits this long.
    init(patience: Duration) {
        self.patience = patience
    }

    /// Notes which servers show no sign of life; those that have not for too long.
    mutating func note(dead: Set<String>, at now: ContinuousClock.Instant) -> [String] {
        deadSince = deadSince.filter { dead.contains($0.key) }
        for node in dead where deadSince[node] == nil { deadSince[node] = now }
        return deadSince.filter { $0.value.duration(to: now) >= patience }.keys.sorted()
    }

    /// Nothing could be seen for a while: everybody gets the whole time again.
    mutating func reset() {
        deadSince = [:]
    }
}
