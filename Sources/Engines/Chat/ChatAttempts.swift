/// Decides which endpoint is asked next, and keeps what the others did.
///
/// The first endpoint is asked, and asked again as often as is configured; then the other one, once.
struct ChatAttempts: Sendable {
    /// What to do after a failure.
    enum Step: Sendable, Equatable {
        /// Ask ``ChatAttempts/endpoint`` after a pause.
        case ask(afterMs: Int)
        /// Nobody is left to be asked.
        case giveUp
    }

    /// Less time than this is too little for an attempt.
    private static let leastMs = 50

    private let endpoints: [ChatEndpoint]
    private let retries: Int
    private let usualPauseMs: Int
    private var place = 0
    private var failuresHere = 0
    private var failures: [String] = []

    /// Makes a plan.
    init(_ configuration: ChatConfiguration) {
        endpoints = [configuration.primary] + (configuration.fallback.map { [$0] } ?? [])
        retries = configuration.retries
        usualPauseMs = configuration.retryPauseMs
    }

    /// The endpoint that is to be asked.
    var endpoint: ChatEndpoint { endpoints[place] }

    /// What failed so far, in one line; nil where nothing has.
    var line: String? { failures.isEmpty ? nil : "chat: \(failures.joined(separator: "; "))" }

    /// Takes a failure of ``endpoint``, and decides what is next.
    mutating func failed(_ failure: ChatFailure, msLeft: Int) -> Step {
        let name = place == 0 ? endpoint.host : "fallback \(endpoint.host)"
        failures.append(failuresHere == 0 ? "\(name) \(failure.what)" : "again \(failure.brief)")
        failuresHere += 1
        guard let pause = pause(after: failure) else {
            guard place + 1 < endpoints.count else { return .giveUp }
            place += 1
            failuresHere = 0
            return step(afterMs: 0, msLeft)
        }
        return step(afterMs: pause, msLeft)
    }

    private mutating func step(afterMs pause: Int, _ msLeft: Int) -> Step {
        guard msLeft - pause >= Self.leastMs else {
            failures.append("no time is left to ask \(failuresHere == 0 ? "fallback \(endpoint.host)" : "again")")
            return .giveUp
        }
        return .ask(afterMs: pause)
    }

    /// How long to wait before the same endpoint is asked again; nil where it is not.
    private func pause(after failure: ChatFailure) -> Int? {
        guard place == 0, failuresHere <= retries else { return nil }
        switch failure.remedy {
        case .again(let pause): return pause ?? usualPauseMs
        case .preferablyOther: return endpoints.count == 1 ? 0 : nil
        case .other: return nil
        }
    }
}
