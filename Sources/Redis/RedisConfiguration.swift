/// How patient a client is, and what it puts up with.
package struct RedisConfiguration: Sendable {
    /// For a connection, TLS and being let in.
    package var connectTimeout = Duration.seconds(2)
    /// For the answer to a command.
    package var commandTimeout = Duration.seconds(2)
    /// Commands that wait for their answers on one connection.
    package var mostInFlight = 4096
    /// The pause before the first new attempt; it doubles from there.
    package var firstPause = Duration.milliseconds(50)
    /// The longest pause between attempts.
    package var longestPause = Duration.seconds(2)
    /// The name that `CLIENT LIST` shows.
    package var clientName = "agentos"

    /// Makes the defaults.
    package init() {}
}
