import ServiceLifecycle

/// Ends the service group it is part of when it is asked to.
struct StopRequest: Service {
    private let signal = OneTimeSignal()

    /// Asks for the end.
    func make() {
        signal.give()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { _ = await signal.wait() }
    }
}
