import Conversation

/// The engines, which load while the server already listens: calls that come early wait here.
actor EngineGate {
    private enum State {
        /// Nothing is known yet. Becomes `ready` or `failed`.
        case loading([CheckedContinuation<CallEngines, any Error>])
        case ready(CallEngines)
        case failed(any Error)
    }

    private var state = State.loading([])

    /// Makes a gate that is closed.
    init() {}

    /// Whether calls can be served.
    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// The engines, where they are there already.
    var engines: CallEngines? {
        if case .ready(let engines) = state { engines } else { nil }
    }

    /// What kept the engines from loading, if anything did.
    var failure: (any Error)? {
        if case .failed(let error) = state { error } else { nil }
    }

    /// The engines, once they are there; throws what kept them from loading.
    func loaded() async throws -> CallEngines {
        switch state {
        case .ready(let engines): return engines
        case .failed(let error): throw error
        case .loading(let waiters):
            // Loading always ends, in success or failure, so that a waiter needs no cancellation of its own.
            return try await withCheckedThrowingContinuation { state = .loading(waiters + [$0]) }
        }
    }

    /// Opens the gate, or says why it stays closed.
    func open(with result: Result<CallEngines, any Error>) {
        guard case .loading(let waiters) = state else { return }
        switch result {
        case .success(let engines): state = .ready(engines)
        case .failure(let error): state = .failed(error)
        }
        waiters.forEach { $0.resume(with: result) }
    }
}
