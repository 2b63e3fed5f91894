/// Lets one task wait until another says go.
struct OneTimeSignal: Sendable {
    private let signal: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Makes a signal that has not been given.
    init() {
        (signal, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says go.
    func give() {
        continuation.yield()
    }

    /// Returns true once the signal is given, false when the task is cancelled before.
    func wait() async -> Bool {
        for await _ in signal { return true }
        return false
    }
}
