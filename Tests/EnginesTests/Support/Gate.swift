import Dispatch

/// Holds worker threads until a test lets them go, and tells the test that they arrived.
final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// Blocks a worker thread until the gate opens for it.
    func wait() {
        arrival.yield()
        opened.wait()
    }

    /// Lets `count` threads through.
    func open(_ count: Int = 1) {
        for _ in 0..<count { opened.signal() }
    }

    /// Returns when a thread has come to the gate.
    func someoneWaits() async {
        for await _ in arrivals { return }
    }
}
