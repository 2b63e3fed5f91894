import Conversation
import Redis
import TestSupport
import Testing

@testable import VoiceServer

/// What one server writes, others read, whatever Redis does; against a real one.
@Suite struct SharedCallStoreTests {
    @Test func whatOneWritesTheOtherReads() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { one in
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    try await one.write(.create(madeUpSession("s1", createdAt: 1_000_001)))
                    try await one.write(.activate(session: "s1", streamID: "MZ1", at: 1_000_002))
                    try await one.write(.event(session: "s1", .digit("7"), at: 1_000_003))
                    try await other.write(.create(madeUpSession("s2", createdAt: 1_000_004)))
                    #expect(try await other.store.session("s1") == one.store.session("s1"))
                    #expect(try await other.store.session("s1")?.lastSeq == 3)
                    #expect(try await other.store.events(of: "s1", after: 1, limit: 9).map(\.seq) == [2, 3])
                    #expect(try await other.store.events(of: "s1", after: 1, limit: 1).map(\.type) == ["voice.session.active"])
                    for node in [one, other] {
                        #expect(try await node.store.sessions(state: nil, before: nil, limit: 9).map(\.id) == ["s2", "s1"])
                        #expect(try await node.store.sessions(state: .active, before: nil, limit: 9).map(\.id) == ["s1"])
                        #expect(try await node.store.sessions(state: nil, before: "s2", limit: 9).map(\.id) == ["s1"])
                        #expect(try await node.store.sessions(state: nil, before: Timestamp.text(1_000_004), limit: 9).map(\.id) == ["s1"])
                        #expect(try await node.store.sessions(state: nil, before: "nobody", limit: 9).isEmpty)
                        #expect(try await node.told() == ["s1": [1, 2, 3], "s2": [1]])
                    }
                    let events = try await one.store.events(after: 0, limit: 9)
                    #expect(events.map(\.position) == events.map(\.position).sorted() && Set(events.map(\.position)).count == 4)
                    #expect(try await other.store.lastPosition() == events.last?.position)
                    try await one.write(.stop(session: "s1", reason: "over", at: 1_000_005))
                    #expect(try await other.store.sessions(state: .active, before: nil, limit: 9).isEmpty)
                    #expect(try await other.store.session("s1")?.stopReason == "over")
                }
            }
        }
    }

    @Test func aSessionThatTwoMakeAtOnceIsOnesAlone() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { one in
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    #expect(try await one.write(.create(madeUpSession("s", createdAt: 1))) != nil)
                    #expect(try await other.write(.create(madeUpSession("s", createdAt: 2))) == nil)
                    #expect(try await other.write(.stop(session: "s", reason: "wrong", at: 3)) == nil)
                    #expect(try await other.store.session("s")?.createdAt == 1)
                    #expect(try await one.told() == ["s": [1]])
                }
            }
        }
    }

    @Test func whileRedisIsAwayAllGoesOnAndIsToldOnceItIsBack() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { (one: FleetNode) async throws in
                try await one.write(.create(madeUpSession("old")))
                try await one.write(.create(madeUpSession("running")))
                try await one.write(.stop(session: "old", reason: "over", at: Timestamp.now))
                let heard = try await one.store.lastPosition()
                await redis.kill()
                await one.wait(isConnected: false)
                #expect(try await one.write(.event(session: "running", .digit("1"), at: Timestamp.now))?.seq == 2)
                #expect(one.store.link == .away)
                try await one.write(.create(madeUpSession("new")))
                try await one.write(.stop(session: "new", reason: "over", at: Timestamp.now))
                #expect(try await one.store.session("running")?.lastSeq == 2)
                #expect(try await one.store.sessions(state: nil, before: nil, limit: 9).count == 3)
                #expect(try await one.store.lastPosition() == heard)
                // It comes back without anything it knew.
                try await redis.start()
                await one.wait(isConnected: true)
                #expect(try await one.store.catchUp() == 3)
                #expect(one.store.link == .up)
                #expect(try await one.store.catchUp() == 0)
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    for (id, events) in [("old", 2), ("running", 2), ("new", 2)] {
                        #expect(try await other.store.events(of: id, after: 0, limit: 9).map(\.seq) == Array(1...events))
                    }
                    // What had been told before is not told again.
                    #expect(try await other.told() == ["running": [2], "new": [1, 2]])
                    #expect(try await other.store.lastPosition() > heard)
                }
            }
        }
    }

    @Test func aRedisThatForgotIsGivenTheWholeSessionAgain() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { (one: FleetNode) async throws in
                try await one.write(.create(madeUpSession("s")))
                for _ in 1...300 { try await one.write(.event(session: "s", .digit("5"), at: Timestamp.now)) }
                _ = try await one.client.send(RedisCommand("FLUSHALL"))
                #expect(try await one.write(.event(session: "s", .digit("*"), at: Timestamp.now))?.seq == 302)
                #expect(try await one.store.shared.events(of: "s", after: 0, limit: 999).map(\.seq) == Array(1...302))
                #expect(try await one.told() == ["s": [302]])
                #expect(try await one.store.shared.find(["s"])[0]?.record == one.store.local.session("s"))
            }
        }
    }

    @Test func aSessionGoesToAnotherServerWithAllThatHappened() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { one in
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    try await one.write(.create(madeUpSession("s")))
                    try await one.write(.activate(session: "s", streamID: "MZ1", at: Timestamp.now))
                    #expect(try await other.store.shared.claim("s") == .held(by: "a"))
                    #expect(try await other.store.shared.transfer("s", to: "b") == false)
                    #expect(try await one.store.shared.transfer("s", to: "b"))
                    try await one.store.lose("s")
                    #expect(try await other.store.shared.claim("s") == .mine)
                    #expect(try await other.store.isMissing("s"))
                    try await other.store.adopt("s")
                    #expect(try await !other.store.isMissing("s"))
                    #expect(try await one.write(.event(session: "s", .digit("1"), at: Timestamp.now)) == nil)
                    #expect(try await other.write(.event(session: "s", .digit("2"), at: Timestamp.now))?.seq == 3)
                    #expect(try await one.store.session("s")?.lastSeq == 3)
                    // And back.
                    _ = try await other.store.shared.transfer("s", to: "a")
                    try await other.store.lose("s")
                    #expect(try await one.store.isMissing("s"))
                    try await one.store.adopt("s")
                    #expect(try await one.write(.stop(session: "s", reason: "over", at: Timestamp.now))?.seq == 4)
                    #expect(try await one.store.local.events(of: "s", after: 0, limit: 9).map(\.seq) == [1, 2, 3, 4])
                    #expect(try await other.store.shared.claim("s") == .stopped)
                    #expect(try await other.store.shared.claim("nobody") == .unknown)
                }
            }
        }
    }

    @Test func aDeadServersSessionIsAnyonesAndTheDeadGiveWay() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { one in
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    try await one.write(.create(madeUpSession("s")))
                    _ = try await one.client.send(RedisCommand("DEL", FleetKeys.node("a")))
                    #expect(try await other.store.shared.claim("s") == .claimed)
                    try await other.store.adopt("s")
                    try await other.write(.activate(session: "s", streamID: "MZ1", at: Timestamp.now))
                    // The one that was only slow finds out with its next write.
                    #expect(try await one.write(.event(session: "s", .digit("1"), at: Timestamp.now)) == nil)
                    var lost = one.store.lostSessions.makeAsyncIterator()
                    #expect(await lost.next() == "s")
                    #expect(try await one.store.local.session("s")?.stopReason == SQLiteCallStore.movedReason)
                    let types = try await other.store.events(of: "s", after: 0, limit: 9).map(\.type)
                    #expect(types == ["voice.session.created", "voice.session.active"])
                }
            }
        }
    }

    @Test func aServerThatWasDownGivesUpWhatOthersTookOver() async throws {
        try await withRedis { redis in
            try await withNode("a", redis) { one in
                try await withNode("b", redis) { (other: FleetNode) async throws in
                    try await one.write(.create(madeUpSession("taken")))
                    try await one.write(.create(madeUpSession("kept")))
                    _ = try await one.client.send(RedisCommand("DEL", FleetKeys.node("a")))
                    _ = try await other.store.shared.claim("taken")
                    try await one.store.yieldTaken()
                    #expect(try await one.store.local.sessions(state: .created, before: nil, limit: 9).map(\.id) == ["kept"])
                }
            }
        }
    }
}
