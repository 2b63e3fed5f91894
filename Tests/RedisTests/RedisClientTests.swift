import Foundation
import Logging
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Redis

/// The client against real servers: answers, errors, and servers that go away.
@Suite struct RedisClientTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func configuration(_ timeout: Duration = .seconds(10)) -> RedisConfiguration {
        var configuration = RedisConfiguration()
        configuration.commandTimeout = timeout
        configuration.connectTimeout = timeout
        configuration.longestPause = .milliseconds(100)
        return configuration
    }

    /// Runs a client beside `body`, which begins when it is connected.
    private func withClient(
        _ url: String,
        _ configuration: RedisConfiguration? = nil,
        _ body: (RedisClient) async throws -> Void
    ) async throws {
        let client = RedisClient(try #require(RedisAddress(url)), configuration: configuration ?? self.configuration(), logger: Self.quiet)
        try await withThrowingTaskGroup { group in
            group.addTask { await client.run() }
            await wait(for: true, of: client)
            try await body(client)
            group.cancelAll()
        }
    }

    private func wait(for state: Bool, of client: RedisClient) async {
        for await isConnected in client.changes() where isConnected == state { return }
    }

    @Test func whatIsSetIsFound() async throws {
        try await withRedis { redis in
            try await withClient(redis.url + "?db=3") { (client: RedisClient) async throws in
                #expect(try await client.send(RedisCommand("SET", "key", "wört\r\n😀")).text == "OK")
                #expect(try await client.send(RedisCommand("GET", "key")).text == "wört\r\n😀")
                #expect(try await client.send(RedisCommand("GET", "other")).isNull)
                _ = try await client.send(RedisCommand("HSET", "hash", "a", "1"))
                #expect(try await client.send(RedisCommand("HGETALL", "hash")).pairs == [RedisPair(.text("a"), .text("1"))])
                #expect(try await client.send(RedisCommand("CLIENT", "INFO")).text?.contains("db=3") == true)
            }
        }
    }

    @Test func manyCommandsAtATimeGetTheirOwnAnswers() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                try await withThrowingTaskGroup { group in
                    for number in 0..<500 {
                        group.addTask {
                            let answer = try await client.send(RedisCommand("ECHO", "\(number)"))
                            #expect(answer.integer == number)
                        }
                    }
                    try await group.waitForAll()
                }
                let together = try await client.send((0..<100).map { RedisCommand("ECHO", "\($0)") })
                #expect(together.map(\.integer) == Array(0..<100))
            }
        }
    }

    @Test func anErrorReplyIsThrownAndInAPipelineReturned() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                _ = try await client.send(RedisCommand("SET", "key", "text"))
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("LPUSH", "key", "1")) }
                #expect(error?.replyCode == "WRONGTYPE")
                let replies = try await client.send([RedisCommand("LPUSH", "key", "1"), RedisCommand("GET", "key")])
                #expect(replies.last?.text == "text")
                if case .error = replies.first {} else { Issue.record("no error: \(replies)") }
            }
        }
    }

    @Test func aWrongPasswordIsSaidWithoutThePassword() async throws {
        let port = try await freePort()
        try await withRedis(["--port", "\(port)", "--requirepass", "right-one"]) { _ in
            for url in ["redis://:wr0ng-one@127.0.0.1:\(port)", "redis://127.0.0.1:\(port)"] {
                let address = try #require(RedisAddress(url))
                let error = await #expect(throws: RedisError.self) { try await RedisConnection.connect(address, configuration()) }
                #expect(error?.code == .refused)
                #expect(error?.message.contains("REDIS_URL") == true && error?.message.contains("wr0ng") == false)
            }
            try await withClient("redis://default:right-one@127.0.0.1:\(port)") { (client: RedisClient) async throws in
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
            }
        }
    }

    @Test func aServerThatIsKilledFailsCommandsAtOnceUntilItIsBack() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                await redis.kill()
                await wait(for: false, of: client)
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                #expect(error?.code == .away)
                try await redis.start()
                await wait(for: true, of: client)
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
            }
        }
    }

    @Test func aConnectionThatIsGoneIsNotWaitedForForEver() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                #expect(await client.comesBack(), "it is there")
                await redis.kill()
                await wait(for: false, of: client)
                #expect(await !client.comesBack(), "not waited for for ever")
            }
        }
        let never = RedisClient(try #require(RedisAddress("redis://127.0.0.1:1")), logger: Self.quiet)
        #expect(await !never.comesBack())
    }

    @Test func whoWaitsForAServerThatDiesIsTold() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                try await client.withConnection { connection in
                    try await withThrowingTaskGroup { group in
                        group.addTask { _ = try await connection.wait(for: RedisCommand("BLPOP", "nothing", "0"), patience: .seconds(60)) }
                        // The command has reached the server when it counts a blocked client.
                        while try await client.send(RedisCommand("INFO", "clients")).text?.contains("blocked_clients:1") != true {}
                        await redis.kill()
                        let error = await #expect(throws: RedisError.self) { try await group.next() }
                        #expect(error?.code == .closed)
                    }
                }
            }
        }
    }

    @Test func aServerThatDoesNotAnswerIsLeftAndFoundAgain() async throws {
        try await withRedis { redis in
            try await withClient(redis.url, configuration(.seconds(1))) { (client: RedisClient) async throws in
                var changes = client.changes().makeAsyncIterator()
                redis.suspend()
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                #expect(error?.code == .timedOut)
                redis.resume()
                while await changes.next() == true {}
                while await changes.next() == false {}
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
            }
        }
    }

    @Test func aCancelledCommandLeavesTheConnectionToTheOthers() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                redis.suspend()
                await withThrowingTaskGroup { group in
                    group.addTask { _ = try await client.send(RedisCommand("ECHO", "never")) }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
                redis.resume()
                #expect(try await client.send(RedisCommand("ECHO", "still here")).text == "still here")
            }
        }
    }

    @Test func aBlockingCommandEndsWithItsTask() async throws {
        try await withRedis { redis in
            try await withClient(redis.url) { (client: RedisClient) async throws in
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        try await client.withConnection { _ = try await $0.wait(for: RedisCommand("BLPOP", "nothing", "0"), patience: .seconds(600)) }
                    }
                    while try await client.send(RedisCommand("INFO", "clients")).text?.contains("blocked_clients:1") != true {}
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
            }
        }
    }

    @Test func aServerWithATrustedCertificateIsReachedThroughTLS() async throws {
        let port = try await freePort()
        let folder = FileManager.default.temporaryDirectory.path + "/agentos-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(folder)/key.pem", "-out",
            "\(folder)/cert.pem", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        openssl.standardError = FileHandle.nullDevice
        // Threads that tests run on are few: none is held up.
        let (exit, exited) = AsyncStream<Void>.makeStream()
        openssl.terminationHandler = { _ in exited.finish() }
        try openssl.run()
        for await _ in exit {}
        let tls = [
            "--tls-port", "\(port)", "--tls-cert-file", "\(folder)/cert.pem", "--tls-key-file", "\(folder)/key.pem", "--tls-auth-clients", "no",
        ]
        try await withRedis(tls) { _ in
            try await withClient("rediss://localhost:\(port)?ca=\(folder)/cert.pem") { (client: RedisClient) async throws in
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
            }
            let untrusted = try #require(RedisAddress("rediss://localhost:\(port)"))
            let error = await #expect(throws: RedisError.self) { try await RedisConnection.connect(untrusted, configuration()) }
            #expect(error?.code == .closed)
        }
    }

    @Test func whatIsNoRedisIsLeft() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeter()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let address = try #require(RedisAddress("redis://127.0.0.1:\(port)"))
        let error = await #expect(throws: RedisError.self) { try await RedisConnection.connect(address, configuration()) }
        #expect(error?.code == .protocolFault)
        try await server.close()
        let away = await #expect(throws: RedisError.self) { try await RedisConnection.connect(address, configuration()) }
        #expect(away?.code == .away)
    }
}

/// Says hello as a mail server does.
private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "220 mail.example.com ESMTP\r\n")), promise: nil)
    }
}
