/// How long to wait before the next attempt to connect.
struct RedisBackoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var pause: Duration

    /// Makes a backoff that begins with `first` and doubles up to `longest`.
    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        pause = first
    }

    /// The pause before the next attempt, between half and all of its length, so that many servers do not come back as one.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        defer { pause = min(pause * 2, longest) }
        return pause * Double.random(in: 0.5...1, using: &random)
    }

    /// Begins anew: a connection has held.
    mutating func reset() {
        pause = first
    }
}
