import Foundation
import NIOHTTP1
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// Commands on live calls, over HTTP.
struct CommandTests {
    /// Runs a call that lasts until `body` is done.
    private func withCall(
        _ body: @escaping @Sendable (_ server: TestServer, _ path: String, _ callSid: String) async throws -> Void
    ) async throws {
        try await withServer { (server: TestServer) async throws in
            let isDone = CallerSignal()
            var call = TwinCallConfiguration(webhookURL: server.webhook)
            call.script = [.waitUntil(isDone), .hangUp]
            let (callSid, twin) = (call.callSid, TwinCall(call))
            async let report = twin.run()
            let path = "/api/voice/sessions/twilio-\(callSid)"
            try await eventually("an active session") { try await server.request(.GET, path).json["state"] as? String == "active" }
            try await body(server, path, callSid)
            isDone.give()
            _ = try await report
        }
    }

    private static func post(_ server: TestServer, _ path: String, _ body: String? = nil, key: String? = nil) async throws -> Answer {
        try await server.request(.POST, path, headers: key.map { [("Idempotency-Key", $0)] } ?? [], body: body)
    }

    @Test func aCommandIsTakenDoneAndTold() async throws {
        try await withCall { server, path, callSid in
            let hold = try await Self.post(server, path + "/hold")
            #expect(hold.status == 202 && hold.json["command"] as? String == "hold" && (hold.json["command_id"] as? String)?.count == 9)
            #expect(try await Self.post(server, path + "/hold").json["code"] as? String == "wrong_state")
            #expect(try await Self.post(server, path + "/say", "{\"text\":\"Just a moment.\"}").status == 202)
            #expect(try await Self.post(server, path + "/resume").status == 202)
            #expect(try await Self.post(server, path + "/mute", "{\"side\":\"agent\"}").status == 202)
            #expect(try await Self.post(server, path + "/unmute", "{\"side\":\"agent\"}").status == 202)
            let events = try await server.events(callSid: callSid, until: "voice.mute.changed")
            let types = events.compactMap { $0["type"] as? String }
            #expect(types.contains("voice.hold.started") && types.contains("voice.hold.ended"))
            let accepted = events.filter { $0["type"] as? String == "voice.command.accepted" }
            #expect(accepted.prefix(3).compactMap { $0["command"] as? String } == ["hold", "hold", "say"])
            #expect(accepted.dropFirst(2).first?["text"] as? String == "Just a moment.")
        }
    }

    @Test func theSameKeyHasACommandDoneOnce() async throws {
        try await withCall { server, path, callSid in
            let first = try await Self.post(server, path + "/hold", key: "k1")
            let again = try await Self.post(server, path + "/hold", key: "k1")
            #expect(first.status == 202 && again.status == 202 && again.json["repeated"] as? Bool == true)
            #expect(first.json["command_id"] as? String == again.json["command_id"] as? String)
            let other = try await Self.post(server, path + "/resume", key: "k1")
            #expect(other.status == 409 && other.json["code"] as? String == "key_reused")
            for _ in 1...2 {
                let refused = try await Self.post(server, path + "/hold", key: "k3")
                #expect(refused.status == 409 && refused.json["code"] as? String == "wrong_state", "refused again, and not taken")
            }
            #expect(try await Self.post(server, path + "/end", key: "k2").status == 202)
            let events = try await server.events(callSid: callSid)
            #expect(events.count { $0["type"] as? String == "voice.hold.started" } == 1)
            #expect(events.last?["reason"] as? String == "ended_by_operator")
            #expect(try await Self.post(server, path + "/hold").json["code"] as? String == "session_stopped")
        }
    }

    @Test func whatIsNotAllowedIsRefusedWithTheReason() async throws {
        try await withCall { server, path, _ in
            let transfer = try await Self.post(server, path + "/transfer", "{\"destination\":\"+19005550100\"}")
            #expect(transfer.status == 403 && transfer.json["code"] as? String == "not_allowed")
            #expect(try await server.request(.POST, path + "/hold", token: "").status == 401)
            #expect(try await Self.post(server, "/api/voice/sessions/twilio-CA0/hold").json["code"] as? String == "unknown_session")
            #expect(try await Self.post(server, path + "/dtmf", "{\"digits\":\"1\"}").status == 503, "no account")
            for (name, body) in [
                ("say", "{}"), ("say", "{\"text\":\" \"}"), ("say", "text"), ("dtmf", "{\"digits\":\"12a\"}"), ("mute", "{\"side\":\"both\"}"),
                ("transfer", "{}"), ("hold", "{\"seconds\":3}"), ("say", "{\"text\":\"\(String(repeating: "x", count: 2001))\"}"),
            ] {
                #expect(try await Self.post(server, path + "/" + name, body).status == 400, "\(name) \(body.prefix(40))")
            }
            #expect(try await server.request(.GET, path + "/hold").status == 405)
        }
    }
}
