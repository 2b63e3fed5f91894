import AsyncHTTPClient
import Conversation
import Foundation
import NIOCore
import NIOHTTP1
import Redis
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// Two whole servers and a Redis: whichever is asked knows every call.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FleetTests {
    /// Runs two servers that share a Redis, once both have reached it.
    private func withFleet(
        _ settings: [SettingKey: String] = [:],
        _ body: @escaping @Sendable (_ one: TestServer, _ other: TestServer, _ redis: RedisServer) async throws -> Void
    ) async throws {
        try await withRedis { redis in
            let shared: [SettingKey: String] = [.redisURL: redis.url, .apiToken: "one-token-for-all"]
            let settings = shared.merging(settings) { $1 }
            try await withServer(settings) { (one: TestServer) async throws in
                try await withServer(settings) { (other: TestServer) async throws in
                    try await isSharing(one)
                    try await isSharing(other)
                    try await body(one, other, redis)
                }
            }
        }
    }

    private func isSharing(_ server: TestServer) async throws {
        try await eventually("the server shares what it knows") {
            try await server.request(.GET, "/readyz", token: "").json["redis"] as? String == "up"
        }
    }

    /// Opens a stream at `server` for a call whose webhook came to `first`, and lends it once the session is active.
    private func withStream(
        at server: TestServer,
        webhookAt first: TestServer,
        _ callSid: String,
        _ body: @escaping @Sendable (MediaSocketInbound, MediaSocketOutbound) async throws -> Void
    ) async throws {
        let token = try await first.openSession(callSid: callSid)
        try await server.socket(callSid: callSid).withConnection { inbound, outbound in
            try await outbound.send(Wire.start(callSid: callSid, token: token))
            _ = try await server.events(callSid: callSid, until: "voice.session.active")
            try await body(inbound, outbound)
        }
    }

    private func session(_ callSid: String, at server: TestServer) async throws -> [String: Any] {
        let path = "/api/voice/sessions/twilio-\(callSid)"
        var found: [String: Any] = [:]
        try await eventually("the server knows the session") {
            let answer = try await server.request(.GET, path)
            found = answer.json
            return answer.status == 200
        }
        return found
    }

    @Test func eitherKnowsTheOthersCallAndEndsIt() async throws {
        try await withFleet { one, other, _ in
            let callSid = newCallSid()
            let feed = try await HTTPClient.shared.execute(events(of: other), timeout: .seconds(60))
            try await withStream(at: one, webhookAt: one, callSid) { inbound, outbound in
                try await outbound.send(Wire.media())
                let seen = try await session(callSid, at: other)
                #expect(seen["state"] as? String == "active")
                #expect(try await other.sessions().contains("twilio-\(callSid)"))
                #expect(try await other.request(.GET, "/api/voice/sessions/twilio-\(callSid)/transcript").status == 200)
                #expect(try await other.request(.POST, "/api/voice/sessions/twilio-\(callSid)/end").status == 202)
                _ = try await inbound.untilClosed()
            }
            for server in [one, other] {
                let events = try await server.events(callSid: callSid)
                #expect(events.last?["reason"] as? String == "ended_by_operator")
                #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
            }
            // The stream of all events has told it, too, with numbers that mean the same at both.
            var ids: [String] = []
            var text = ""
            for try await chunk in feed.body {
                text += String(buffer: chunk)
                if text.contains("voice.session.stopped") { break }
            }
            ids = text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map(String.init)
            #expect(ids.count >= 3 && Set(ids).count == ids.count)
            let list = try await one.request(.GET, "/api/voice/sessions").json
            #expect(ids.last == (list["last_event_id"] as? Int).map { "id: \($0)" })
        }
    }

    @Test func aStreamMayComeToAnotherServerThanItsWebhook() async throws {
        try await withFleet { one, other, _ in
            let callSid = newCallSid()
            try await withStream(at: other, webhookAt: one, callSid) { inbound, outbound in
                try await outbound.send(Wire.stop(callSid: callSid))
                _ = try await inbound.untilClosed()
            }
            let events = try await one.events(callSid: callSid)
            #expect(events.last?["reason"] as? String == "stream_stopped")
            #expect(!events.contains { $0["type"] as? String == "voice.session.interrupted" })
            #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
        }
    }

    /// Twilio opens the stream as soon as it has read the TwiML.
    @Test func aStreamMayComeBeforeItsSessionIsKnownEverywhere() async throws {
        try await withFleet { one, other, redis in
            try await withNode("looker", redis) { (node: FleetNode) async throws in
                let callSid = newCallSid()
                let before = try await lookups(node)
                async let connected: Void = other.socket(callSid: callSid).withConnection { _, _ in }
                try await eventually("the session is looked for") { try await lookups(node) > before }
                _ = try await one.openSession(callSid: callSid)
                try await connected
            }
        }
    }

    @Test func twiliosWordThatACallIsOverReachesTheServerThatHoldsIt() async throws {
        try await withFleet { one, other, _ in
            let callSid = newCallSid()
            try await withStream(at: one, webhookAt: one, callSid) { inbound, outbound in
                let body = "CallSid=\(callSid)&CallStatus=completed"
                #expect(try await other.request(.POST, "/api/voice/twilio/status", token: "", body: body).status == 204)
                _ = try await inbound.untilClosed()
            }
            #expect(try await other.events(callSid: callSid).last?["reason"] as? String == "call_completed")
        }
    }

    @Test func aCallWhoseLineWasLostGoesOnAtTheOtherServer() async throws {
        try await withFleet { one, other, _ in
            let callSid = newCallSid()
            try await withStream(at: one, webhookAt: one, callSid) { _, outbound in try await outbound.send(Wire.media()) }
            _ = try await one.events(callSid: callSid, until: "voice.session.interrupted")
            let token = try await other.openSession(callSid: callSid)
            try await other.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                try await outbound.send(Wire.stop(callSid: callSid))
                _ = try await inbound.untilClosed()
            }
            for server in [one, other] {
                let events = try await server.events(callSid: callSid)
                #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
                #expect(events.filter { $0["type"] as? String == "voice.session.active" }.count == 2)
                let last = events.last?["session"] as? [String: Any]
                #expect((last?["metadata"] as? [String: Any])?["resumes"] as? Int == 1)
                #expect(events.last?["reason"] as? String == "stream_stopped")
            }
        }
    }

    @Test func aServerThatStopsLeavesItsCallsToTheOther() async throws {
        try await withRedis { redis in
            let settings: [SettingKey: String] = [.redisURL: redis.url, .apiToken: "one-token-for-all", .drainSeconds: "0"]
            try await withServer(settings) { (other: TestServer) async throws in
                let callSid = newCallSid()
                try await withServer(settings) { (one: TestServer) async throws in
                    try await isSharing(one)
                    try await withStream(at: one, webhookAt: one, callSid) { inbound, _ in
                        one.stop()
                        _ = try await inbound.untilClosed()
                    }
                }
                try await isSharing(other)
                let token = try await other.openSession(callSid: callSid)
                try await other.socket(callSid: callSid).withConnection { inbound, outbound in
                    try await outbound.send(Wire.start(callSid: callSid, token: token))
                    try await outbound.send(Wire.stop(callSid: callSid))
                    _ = try await inbound.untilClosed()
                }
                let events = try await other.events(callSid: callSid)
                #expect(events.first { $0["type"] as? String == "voice.session.interrupted" }?["reason"] as? String == "server_stopped")
                #expect(events.last?["reason"] as? String == "stream_stopped")
            }
        }
    }

    /// A call with a running tool at a server that then dies.
    private func leaveCall(_ callSid: String, running tool: String, interruption: LineLoss? = nil, _ redis: RedisServer) async throws {
        try await withNode("gone", redis) { (gone: FleetNode) async throws in
            let (id, now) = ("twilio-\(callSid)", Timestamp.now)
            let call = ToolCall(id: "c1", name: tool, arguments: #"{"destination":"desk"}"#)
            try await gone.write(.create(SessionRecord(id: id, callID: callSid, from: "+1", to: "+2", sttProvider: "scripted", createdAt: now)))
            try await gone.write(.activate(session: id, streamID: "MZ1", at: now))
            try await gone.write(.event(session: id, .toolCalled(call, turn: 1), at: now))
            if let interruption { try await gone.write(.interrupt(session: id, reason: interruption.rawValue, at: now)) }
            _ = try await gone.client.send(RedisCommand("DEL", FleetKeys.node("gone")))
        }
    }

    @Test func whatCameOfADialMayBeToldToAnotherServer() async throws {
        try await withRedis { redis in
            let callSid = newCallSid()
            try await leaveCall(callSid, running: BuiltInTool.transferCall.rawValue, interruption: .transferring, redis)
            try await withServer([.redisURL: redis.url, .apiToken: "one-token-for-all"]) { (server: TestServer) async throws in
                try await isSharing(server)
                let body = "CallSid=\(callSid)&CallStatus=in-progress&DialCallStatus=busy"
                try await eventually("the caller gets another stream") {
                    let answer = try await server.request(.POST, "/api/voice/twilio/dial-status", token: "", body: body)
                    #expect(answer.text.contains("<Redirect"), "never the end of the call")
                    return answer.text.contains("<Connect>")
                }
                let finished = try await server.events(callSid: callSid, until: "voice.tool.finished").last
                #expect(finished?["status"] as? String == "failed")
                #expect((finished?["result"] as? String)?.contains("busy") == true)
            }
        }
    }

    @Test func aToolCutByAServerThatDiedEndsOnceAtTheOther() async throws {
        try await withRedis { redis in
            try await withTrail { trail in
                let callSid = newCallSid()
                try await leaveCall(callSid, running: "find", redis)
                let settings: [SettingKey: String] = [.redisURL: redis.url, .apiToken: "one-token-for-all"]
                try await withServer(settings, folder: trail.data) { (server: TestServer) async throws in
                    try await isSharing(server)
                    try await withStream(at: server, webhookAt: server, callSid) { inbound, outbound in
                        _ = try await server.events(callSid: callSid, until: "voice.tool.finished")
                        try await outbound.send(Wire.stop(callSid: callSid))
                        _ = try await inbound.untilClosed()
                    }
                    let events = try await server.events(callSid: callSid)
                    let finished = events.filter { $0["type"] as? String == "voice.tool.finished" }
                    #expect(finished.compactMap { $0["status"] as? String } == ["unknown"])
                    #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
                }
                let records = try trail.export(session: "twilio-\(callSid)").filter { $0["event"] as? String == "voice.tool.finished" }
                #expect(records.compactMap { ($0["fields"] as? [String: Any])?["status"] as? String } == ["unknown"])
            }
        }
    }

    @Test func aCallGoesOnWithoutRedisAndIsKnownToAllWhenItIsBack() async throws {
        try await withFleet { one, other, redis in
            let callSid = newCallSid()
            let later = newCallSid()
            try await withStream(at: one, webhookAt: one, callSid) { inbound, outbound in
                await redis.kill()
                try await outbound.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"7"}}"#)
                _ = try await one.events(callSid: callSid, until: "voice.dtmf")
                #expect(try await one.request(.GET, "/readyz", token: "").status == 200)
                try await withStream(at: one, webhookAt: one, later) { inbound, outbound in
                    try await outbound.send(Wire.stop(callSid: later))
                    _ = try await inbound.untilClosed()
                }
                // It comes back without anything it knew.
                try await redis.start()
                try await outbound.send(Wire.stop(callSid: callSid))
                _ = try await inbound.untilClosed()
            }
            try await isSharing(one)
            for id in [callSid, later] {
                _ = try await session(id, at: other)
                let events = try await other.events(callSid: id)
                #expect(events.compactMap { $0["seq"] as? Int } == Array(1...events.count))
                #expect(events.last?["reason"] as? String == "stream_stopped")
            }
        }
    }

    @Test func aCallerIsForgottenEverywhere() async throws {
        try await withFleet { one, other, redis in
            let callSid = newCallSid()
            try await withStream(at: one, webhookAt: other, callSid) { inbound, outbound in
                try await outbound.send(Wire.stop(callSid: callSid))
                _ = try await inbound.untilClosed()
            }
            _ = try await other.events(callSid: callSid)
            let answer = try await other.request(.DELETE, "/api/voice/callers/%2B14155551234")
            #expect(answer.status == 200 && answer.json["unfinished_servers"] as? [String] == [])
            for server in [one, other] {
                #expect(try await server.sessions().isEmpty)
                #expect(try await SQLiteCallStore(path: server.folder + "/agentos.sqlite").sessions(state: nil, before: nil, limit: 9).isEmpty)
            }
            try await withNode("looker", redis) { (node: FleetNode) async throws in
                #expect(try await node.told().isEmpty)
                #expect(try await node.store.shared.find(["twilio-\(callSid)"])[0] == nil)
            }
        }
    }

    /// How often sessions were looked for in Redis.
    private func lookups(_ node: FleetNode) async throws -> Int {
        let lines = try await node.client.send(RedisCommand("INFO", "commandstats")).text?.split(whereSeparator: \.isNewline) ?? []
        let calls = lines.first { $0.hasPrefix("cmdstat_hmget:calls=") }?.dropFirst("cmdstat_hmget:calls=".count).prefix(while: \.isNumber)
        return calls.flatMap { Int($0) } ?? 0
    }

    private func events(of server: TestServer) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "\(server.address)/api/voice/events")
        request.headers.add(name: "Authorization", value: "Bearer \(server.token)")
        return request
    }
}
