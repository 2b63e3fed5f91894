import Diagnostics
package import Logging
import Synchronization

/// A server as one connection that is made again whenever it is lost.
///
/// While it is away commands fail at once; nothing waits in a queue for it to come back.
package final class RedisClient: Sendable {
    private enum State {
        /// There is no connection, and this is why. Becomes `connected`.
        case away(RedisError)
        /// Commands go to this connection. Becomes `away`.
        case connected(RedisConnection)
    }

    /// A connection that has held this long was a good one.
    private static let proof = Duration.seconds(1)
    /// A connection lost less than this long ago is likely to come back soon.
    private static let hiccup = Duration.seconds(3)
    /// How long ``comesBack()`` waits.
    private static let patience = Duration.seconds(1)

    private let address: RedisAddress
    private let configuration: RedisConfiguration
    private let logger: Logger
    private let state = Mutex(State.away(RedisError(.away, "Redis has not been reached yet")))
    /// When the connection was lost; nil before the first.
    private let lostAt = Mutex<ContinuousClock.Instant?>(nil)
    private let watchers = Mutex<[AsyncStream<Bool>.Continuation]>([])

    /// Makes a client that connects in ``run()``.
    package init(_ address: RedisAddress, configuration: RedisConfiguration = RedisConfiguration(), logger: Logger) {
        self.address = address
        self.configuration = configuration
        self.logger = logger
    }

    /// Whether there is a connection.
    package var isConnected: Bool {
        state.withLock { if case .connected = $0 { true } else { false } }
    }

    /// Whether there is a connection, now and each time it changes.
    package func changes() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(8))
        watchers.withLock { $0.append(continuation) }
        continuation.yield(isConnected)
        return stream
    }

    /// Waits up to a second for a connection that was just lost to come back.
    ///
    /// - Returns: whether the client is connected. During a longer outage this is `false` at once.
    package func comesBack() async -> Bool {
        if isConnected { return true }
        guard let since = lostAt.withLock({ $0 }), since.duration(to: .now) < Self.hiccup else { return false }
        return await withTaskGroup { group in
            group.addTask {
                for await isConnected in self.changes() where isConnected { return true }
                return false
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// Keeps the connection until the task is cancelled.
    package func run() async {
        var backoff = RedisBackoff(first: configuration.firstPause, longest: configuration.longestPause)
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            let failure: RedisError
            do {
                let connection = try await RedisConnection.connect(address, configuration)
                become(.connected(connection))
                failure = await connection.untilEnded()
            } catch {
                failure = (error as? RedisError) ?? RedisError(.away, ErrorText.of(error))
            }
            become(.away(failure))
            if begin.duration(to: .now) > Self.proof { backoff.reset() }
            try? await Task.sleep(for: backoff.next(using: &random))
        }
        watchers.withLock { watchers in
            watchers.forEach { $0.finish() }
            watchers = []
        }
    }

    /// Sends a command and waits for its answer.
    ///
    /// - Throws: ``RedisError``, also when the answer is an error; `CancellationError` when the task is cancelled.
    package func send(_ command: RedisCommand) async throws -> RedisValue {
        try await connection().send(command)
    }

    /// Sends commands together and waits for all answers, which are errors where the server says so.
    package func send(_ commands: [RedisCommand]) async throws -> [RedisValue] {
        try await connection().send(commands)
    }

    /// Lends a connection of its own, for commands that wait; it ends with `body`.
    package func withConnection<Result>(_ body: (RedisConnection) async throws -> Result) async throws -> Result {
        let connection = try await RedisConnection.connect(address, configuration)
        defer { connection.close() }
        return try await body(connection)
    }

    private func connection() throws -> RedisConnection {
        try state.withLock { state in
            switch state {
            case .connected(let connection): return connection
            case .away(let error): throw RedisError(.away, error.message)
            }
        }
    }

    private func become(_ new: State) {
        let (old, isConnected) = state.withLock { state in
            let old = state
            state = new
            if case (.connected, .away) = (old, new) { lostAt.withLock { $0 = .now } }
            if case .connected = new { return (old, true) }
            return (old, false)
        }
        switch (old, new) {
        case (.away, .connected):
            logger.notice("Redis is connected", metadata: ["address": "\(address)"])
        case (.connected, .away(let error)) where !Task.isCancelled:
            logger.warning("Redis is away", metadata: ["address": "\(address)", "error": "\(error)"])
        case (.away(let before), .away(let error)) where before != error && !Task.isCancelled:
            logger.warning("Redis cannot be reached", metadata: ["address": "\(address)", "error": "\(error)"])
        case (.away, .away), (.connected, _): break
        }
        watchers.withLock { watchers in
            watchers.removeAll { if case .terminated = $0.yield(isConnected) { true } else { false } }
        }
    }
}
