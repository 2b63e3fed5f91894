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
    /// A longer wait than this is not worth it if there is another endpoint.
    private static let longestPauseMs = 1_000
    private static let mostWaits = 8

    private let endpoints: [ChatEndpoint]
    private let retries: Int
    private let usualPauseMs: Int
    private var place = 0
    private var failuresHere = 0
    private var waitsHere = 0
    private var failures: [String] = []
    private var hasFailedAt: Int?

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
        note(failure, then: nil)
        failuresHere += 1
        guard let pause = pause(after: failure) else {
            guard place + 1 < endpoints.count else { return .giveUp }
            place += 1
            failuresHere = 0
            waitsHere = 0
            return step(afterMs: 0, msLeft)
        }
        return step(afterMs: pause, msLeft)
    }

    /// Takes a refusal of ``endpoint``, which is asked again at once in another form.
    mutating func refused(_ failure: ChatFailure, then words: String, msLeft: Int) -> Step {
        note(failure, then: words)
        return step(afterMs: 0, msLeft)
    }

    private mutating func note(_ failure: ChatFailure, then words: String?) {
        let name = place == 0 ? endpoint.host : "fallback \(endpoint.host)"
        let what = hasFailedHere ? "again \(failure.brief)" : "\(name) \(failure.what)"
        failures.append(words.map { "\(what), \($0)" } ?? what)
        hasFailedAt = place
    }

    private var hasFailedHere: Bool { hasFailedAt == place }

    private mutating func step(afterMs pause: Int, _ msLeft: Int) -> Step {
        guard msLeft - pause >= Self.leastMs else {
            failures.append("no time is left to ask \(!hasFailedHere ? "fallback \(endpoint.host)" : "again")")
            return .giveUp
        }
        return .ask(afterMs: pause)
    }

    /// How long to wait before the same endpoint is asked again; nil if it is not.
    private mutating func pause(after failure: ChatFailure) -> Int? {
        let isLast = place + 1 == endpoints.count
        if case .later(let asked) = failure.remedy, isLast { return wait(asked) }
        guard place == 0, failuresHere <= retries else { return nil }
        switch failure.remedy {
        case .again(let pause): return pause ?? usualPauseMs
        case .later(let asked): return asked ?? usualPauseMs <= Self.longestPauseMs ? asked ?? usualPauseMs : nil
        case .preferablyOther: return endpoints.count == 1 ? 0 : nil
        case .other: return nil
        }
    }

    /// The wait that the last endpoint asks for, or one that grows.
    private mutating func wait(_ asked: Int?) -> Int? {
        guard waitsHere < Self.mostWaits else { return nil }
        defer { waitsHere += 1 }
        let growing = usualPauseMs << waitsHere
        return asked.map { waitsHere == 0 ? $0 : max($0, growing) } ?? growing
    }
}
