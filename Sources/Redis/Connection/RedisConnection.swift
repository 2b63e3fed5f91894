import Diagnostics
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One connection that has been let in.
package final class RedisConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<RedisChannelHandler>
    private let ended: EventLoopFuture<RedisError>
    private let configuration: RedisConfiguration
    private let nextID = Mutex(0)

    private init(
        channel: any Channel,
        handler: NIOLoopBound<RedisChannelHandler>,
        ended: EventLoopFuture<RedisError>,
        configuration: RedisConfiguration
    ) {
        self.channel = channel
        self.handler = handler
        self.ended = ended
        self.configuration = configuration
    }

    /// Connects, and says who we are.
    ///
    /// - Throws: ``RedisError``; its text never holds the password.
    static func connect(_ address: RedisAddress, _ configuration: RedisConfiguration) async throws -> RedisConnection {
        let connection: RedisConnection
        do {
            connection = try await open(address, configuration)
        } catch {
            throw RedisError(.away, "no connection to Redis at \(address): \(ErrorText.of(error)); see that it runs and REDIS_URL is right")
        }
        do {
            try await connection.introduce(address)
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    /// Sends a command and waits for its answer.
    ///
    /// - Throws: ``RedisError``, also when the answer is an error; `CancellationError` when the task is cancelled.
    package func send(_ command: RedisCommand, timeout: Duration? = nil) async throws -> RedisValue {
        let reply = try await request([command], timeout: timeout ?? configuration.commandTimeout, isBlocking: false)[0]
        if case .error(let error) = reply { throw error }
        return reply
    }

    /// Sends commands together and waits for all answers, which are errors where the server says so.
    package func send(_ commands: [RedisCommand]) async throws -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        return try await request(commands, timeout: configuration.commandTimeout, isBlocking: false)
    }

    /// Sends a command that the server answers only when there is something to say, or after `patience`; cancelling it ends the connection.
    package func wait(for command: RedisCommand, patience: Duration) async throws -> RedisValue {
        let reply = try await request([command], timeout: patience + configuration.commandTimeout, isBlocking: true)[0]
        if case .error(let error) = reply { throw error }
        return reply
    }

    /// Ends the connection; what waits for answers fails.
    package func close() {
        channel.close(promise: nil)
    }

    /// Returns why the connection ended, once it has; ends it when the task is cancelled.
    func untilEnded() async -> RedisError {
        await withTaskCancellationHandler {
            (try? await ended.get()) ?? RedisError(.closed, "the connection to Redis is closed")
        } onCancel: {
            close()
        }
    }

    private func request(_ commands: [RedisCommand], timeout: Duration, isBlocking: Bool) async throws -> [RedisValue] {
        let id = nextID.withLock { id in
            id += 1
            return id
        }
        let request = RedisRequest(id: id, commands, isBlocking: isBlocking)
        let handler = handler
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                channel.eventLoop.execute { handler.value.send(request, timeout: timeout, continuation: continuation) }
            }
        } onCancel: {
            request.cancel()
            channel.eventLoop.execute { handler.value.cancel(request) }
        }
    }

    /// RESP3, user and password, name and database, in this order.
    private func introduce(_ address: RedisAddress) async throws {
        var hello = ["3"]
        if let password = address.password { hello += ["AUTH", address.user ?? "default", password] }
        hello += ["SETNAME", configuration.clientName]
        var commands = [RedisCommand("HELLO", arguments: hello)]
        if address.database != 0 { commands.append(RedisCommand("SELECT", String(address.database))) }
        let replies = try await request(commands, timeout: configuration.connectTimeout, isBlocking: false)
        for (command, reply) in zip(commands, replies) {
            // The server may repeat what it was sent, and that holds the password: only the kind of error is told.
            guard case .error(let error) = reply else { continue }
            let hint =
                switch error.replyCode {
                case "WRONGPASS", "NOAUTH", "NOPERM": "see that REDIS_URL holds its user and password"
                case "LOADING", "MASTERDOWN", "BUSY": "it is not ready yet"
                default: "version 6.2 or newer is needed"
                }
            throw RedisError(.refused, "Redis at \(address) refuses \(command.words[0]) (\(error.replyCode ?? "error")); \(hint)")
        }
    }

    private static func open(_ address: RedisAddress, _ configuration: RedisConfiguration) async throws -> RedisConnection {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
        let configure: @Sendable (any Channel) -> EventLoopFuture<RedisConnection> = { channel in
            channel.eventLoop.makeCompletedFuture { try Self.configure(channel, address, configuration) }
        }
        switch address.endpoint {
        case .host(let host, let port, _): return try await bootstrap.connect(host: host, port: port, channelInitializer: configure)
        case .unixSocket(let path): return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: configure)
        }
    }

    private static func configure(_ channel: any Channel, _ address: RedisAddress, _ configuration: RedisConfiguration) throws -> RedisConnection {
        if case .host(let host, _, isSecure: true) = address.endpoint {
            try channel.pipeline.syncOperations.addHandler(tls(host, trusting: address.trustedCertificates))
        }
        let ended = channel.eventLoop.makePromise(of: RedisError.self)
        let handler = RedisChannelHandler(mostInFlight: configuration.mostInFlight, ended: ended)
        try channel.pipeline.syncOperations.addHandler(handler)
        return RedisConnection(
            channel: channel,
            handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
            ended: ended.futureResult,
            configuration: configuration
        )
    }

    private static func tls(_ host: String, trusting file: String?) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file { configuration.trustRoots = .file(file) }
        let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: isNumber ? nil : host)
    }
}
