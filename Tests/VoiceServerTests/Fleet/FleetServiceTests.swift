import Conversation
import Logging
import Redis
import TestSupport
import Testing

@testable import VoiceServer

/// What a server does for others, and for the calls of those that are gone.
@Suite(.timeLimit(.minutes(10))) struct FleetServiceTests {
    /// Holds calls that are no calls, and tells what is asked of it.
    private struct Holder: CallHolder {
        let asked: AsyncStream<String>
        private let ask: AsyncStream<String>.Continuation

        init() { (asked, ask) = AsyncStream.makeStream() }

        func handOver(_ session: String) async -> Bool {
            ask.yield("hand over \(session)")
            return session != "busy"
        }

        func endHere(_ session: String, reason: String) async throws -> Bool {
            ask.yield("end \(session) \(reason)")
            return true
        }

        func lose(_ session: String) async { ask.yield("lose \(session)") }
        func inherit(_ sessions: [String]) async { ask.yield("inherit \(sessions.joined(separator: ","))") }
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs one server's part in a fleet, without the server.
    private func withService(
        _ name: String,
        _ redis: RedisServer,
        deathPatience: Duration = .seconds(90),
        _ body: (Fleet, Holder) async throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let data = try DataDirectory(folder.path)
        let registry = PrometheusRegistry()
        let address = try #require(RedisAddress(redis.url))
        let fleet = Fleet(
            node: name,
            address: address,
            configuration: patientRedis(),
            patience: .seconds(20),
            keepDays: 0,
            local: try data.openStore(),
            metricsFactory: registry,
            logger: Self.quiet
        )
        let log = EventLog(store: fleet.store, tellsAll: false, metrics: ServerMetrics(factory: registry), logger: Self.quiet)
        let holder = Holder()
        let erasure = CallerErasure(removal: SessionRemoval(store: fleet.store.local, journals: data.journals)) { _ in }
        // A busy machine must not make a server look dead.
        let service = FleetService(
            fleet: fleet,
            log: log,
            holder: holder,
            erasure: erasure,
            lifetimeMs: 60_000,
            deathPatience: deathPatience
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            for await isConnected in fleet.client.changes() where isConnected { break }
            try await eventually("the server shares what it knows") {
                _ = try await fleet.client.send(RedisCommand("PING"))
                return fleet.isUp
            }
            try await body(fleet, holder)
            group.cancelAll()
        }
    }

    @Test func theCallsOfAServerThatIsGoneAreTakenOver() async throws {
        try await withRedis { redis in
            try await withNode("gone", redis) { (gone: FleetNode) async throws in
                try await gone.write(.create(madeUpSession("s")))
                try await gone.write(.activate(session: "s", streamID: "MZ1", at: Timestamp.now))
                try await gone.write(.create(madeUpSession("over")))
                try await gone.write(.stop(session: "over", reason: "over", at: Timestamp.now))
                _ = try await gone.client.send(RedisCommand("SADD", FleetKeys.nodes, "gone"))
                _ = try await gone.client.send(RedisCommand("DEL", FleetKeys.node("gone")))
            }
            try await withService("here", redis, deathPatience: .zero) { (fleet: Fleet, holder: Holder) async throws in
                var asked = holder.asked.makeAsyncIterator()
                #expect(await asked.next() == "inherit s")
                #expect(try await fleet.store.local.session("s")?.state == .active)
                #expect(try await fleet.store.local.events(of: "s", after: 0, limit: 9).map(\.seq) == [1, 2])
                #expect(try await fleet.store.local.session("over") == nil)
                #expect(try await fleet.store.shared.claim("s") == .mine)
            }
        }
    }

    @Test func aServerIsAskedForItsSessionsAndGivesThoseItDoesNotNeed() async throws {
        try await withRedis { redis in
            try await withService("a", redis) { one, holder in
                try await withService("b", redis) { (other: Fleet, _: Holder) async throws in
                    for id in ["free", "busy"] { _ = try await one.store.write([.create(madeUpSession(id))]) }
                    #expect(try await other.acquire("free") == .held)
                    #expect(try await other.acquire("busy") == .refused)
                    #expect(try await other.acquire("unheard of") == .held)
                    #expect(try await other.end("busy", reason: "why") == true)
                    #expect(try await other.end("free", reason: "why") == nil, "it is this server's now")
                    #expect(try await other.store.local.session("free")?.lastSeq == 1)
                    var asked = holder.asked.makeAsyncIterator()
                    var heard: Set<String> = []
                    while heard.count < 4, let next = await asked.next() { heard.insert(next) }
                    #expect(heard == ["hand over free", "lose free", "hand over busy", "end busy why"])
                }
            }
        }
    }

    /// The first answer may come too late for a busy server, which then asks again.
    @Test func aServerThatAsksTwiceForASessionGetsIt() async throws {
        try await withRedis { redis in
            try await withService("a", redis) { one, _ in
                try await withService("b", redis) { (other: Fleet, _: Holder) async throws in
                    _ = try await one.store.write([.create(madeUpSession("free"))])
                    for _ in 1...2 {
                        #expect(try await other.mailbox.ask("a", .handover, session: "free", within: .seconds(20)) == true)
                    }
                    #expect(try await other.acquire("free") == .held)
                }
            }
        }
    }

    @Test func withoutRedisACallIsTakenByTheServerThatHasIt() async throws {
        try await withRedis { redis in
            try await withService("a", redis) { (fleet: Fleet, _: Holder) async throws in
                _ = try await fleet.store.write([.create(madeUpSession("s"))])
                await redis.kill()
                for await isConnected in fleet.client.changes() where !isConnected { break }
                #expect(try await fleet.acquire("s") == .held)
                #expect(try await fleet.acquire("another's") == .refused)
                #expect(try await fleet.end("s", reason: "why") == nil)
                #expect(await fleet.erase(caller: "+1") == ["redis"])
            }
        }
    }
}
