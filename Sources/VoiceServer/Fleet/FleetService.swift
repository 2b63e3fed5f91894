import Conversation
import Diagnostics
import Foundation
import Logging
import Redis
import ServiceLifecycle

/// Keeps a server in touch with the others.
struct FleetService: Service {
    /// How often it shows that it lives, and looks who else does.
    private static let beat = Duration.seconds(1)
    /// How often what is too old is dropped.
    private static let cleaning = Duration.seconds(600)
    /// How long Redis may take to be reached before the server begins without it.
    private static let startPatience = Duration.seconds(2)

    let fleet: Fleet
    let log: EventLog
    let holder: any CallHolder
    /// Deletes what is here of a caller.
    let erasure: CallerErasure
    /// How long this server is taken to live after a sign of it.
    var lifetimeMs = 3000
    /// How long a server may be gone before others close its calls.
    var deathPatience = Duration.seconds(90)

    /// Gives up what other servers took over while this one was down; without Redis nothing is known of that.
    func prepare() async {
        await withTaskGroup { group in
            group.addTask { await fleet.client.run() }
            await withTaskGroup { inner in
                inner.addTask {
                    for await isConnected in fleet.client.changes() where isConnected { break }
                    do {
                        try await fleet.store.yieldTaken()
                        try await fleet.store.beginFeed(at: await fleet.store.shared.lastPosition())
                    } catch {
                        fleet.logger.warning("It is not known whether other servers took over calls", metadata: ["error": "\(ErrorText.of(error))"])
                    }
                }
                inner.addTask { try? await Task.sleep(for: Self.startPatience) }
                await inner.next()
                inner.cancelAll()
            }
            group.cancelAll()
        }
    }

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await fleet.client.run() }
            await cancelWhenGracefulShutdown { await work() }
            // Others need not wait to see that this server is gone.
            _ = try? await fleet.client.send(RedisCommand("DEL", FleetKeys.node(fleet.node)))
            group.cancelAll()
        }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await keepUp() }
            group.addTask { await FleetFeed(store: fleet.store, log: log).run() }
            group.addTask { await fleet.mailbox.run { message in await fleet.answer(message, holder: holder, erasure: erasure) } }
            group.addTask {
                // One that has come back meanwhile is not lost.
                for await session in fleet.store.lostSessions where fleet.store.isForeign(session) { await holder.lose(session) }
            }
        }
    }

    /// Shows that the server lives, shares what is missing and looks after the dead, at every beat and whenever Redis is back.
    private func keepUp() async {
        let (beats, beat) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        var presence = FleetPresence(node: fleet.node, lifetimeMs: lifetimeMs, client: fleet.client, logger: fleet.logger)
        var watch = FleetWatch(patience: deathPatience)
        var hasComplained = false
        var cleanedAt: ContinuousClock.Instant?
        await withDiscardingTaskGroup { group in
            group.addTask { while (try? await Task.sleep(for: Self.beat)) != nil { beat.yield() } }
            group.addTask { for await _ in fleet.client.changes() { beat.yield() } }
            for await _ in beats {
                do {
                    guard fleet.client.isConnected else { throw RedisError(.away, "Redis is away") }
                    let wasKnown = try await presence.show()
                    if !wasKnown || !fleet.isUp { try await catchUp() }
                    try await inherit(from: watch.note(dead: try await presence.dead(), at: .now))
                    if cleanedAt.map({ $0.duration(to: .now) > Self.cleaning }) ?? true {
                        try await fleet.store.shared.dropOld(now: Timestamp.now)
                        cleanedAt = .now
                    }
                    hasComplained = false
                } catch {
                    // That it is away the client has said; what else is wrong is said once.
                    if fleet.client.isConnected, !hasComplained {
                        fleet.logger.warning("Redis does not take what is to be shared; trying again", metadata: ["error": "\(ErrorText.of(error))"])
                        hasComplained = true
                    }
                    fleet.store.fail()
                    watch.reset()
                }
                fleet.recordLink()
            }
        }
    }

    private func catchUp() async throws {
        let count = try await fleet.store.catchUp()
        fleet.logger.notice("Redis has everything this server knows", metadata: ["sessions_behind": "\(count)"])
    }

    /// Takes over the sessions of servers that will not come back, to wait for their calls and then close them.
    private func inherit(from nodes: [String]) async throws {
        for node in nodes {
            var inherited: [String] = []
            for id in try await fleet.client.send(RedisCommand("SMEMBERS", FleetKeys.owned(node))).items?.compactMap(\.text) ?? [] {
                switch try await fleet.store.shared.claim(id) {
                case .claimed:
                    try await fleet.store.adopt(id)
                    inherited.append(id)
                case .unknown, .stopped:
                    _ = try await fleet.client.send(RedisCommand("SREM", FleetKeys.owned(node), id))
                // Somebody was quicker.
                case .mine, .held: break
                }
            }
            _ = try await fleet.client.send(RedisCommand("SREM", FleetKeys.nodes, node))
            guard !inherited.isEmpty else { continue }
            fleet.logger.warning("Calls of a server that is gone were taken over", metadata: ["node": "\(node)", "sessions": "\(inherited.count)"])
            await holder.inherit(inherited)
        }
    }
}
