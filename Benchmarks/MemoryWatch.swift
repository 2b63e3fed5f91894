import Synchronization

/// The most that was ever noted.
final class MemoryWatch: Sendable {
    private let most = Mutex(0.0)

    /// So far.
    var peak: Double { most.withLock(\.self) }

    /// Takes note of a value.
    func note(_ value: Double) {
        most.withLock { $0 = max($0, value) }
    }
}
