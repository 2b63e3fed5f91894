import Foundation
import Logging
import NIOHTTP1
import Testing
import TwilioTwin

@testable import VoiceServer

/// What whole calls and requests leave in the trail and in the log.
@Suite struct AuditServerTests {
    private static let number = "+14155551234"

    /// Runs a server whose log goes to a file, and returns the log.
    private func log(
        of trail: TrailFixture,
        _ settings: [SettingKey: String],
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws -> String {
        let path = "\(trail.data)/log"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let writer = LogWriter(try #require(FileHandle(forWritingAtPath: path)))
        try await withServer(settings.merging([.logLevel: "trace"]) { given, _ in given }, folder: trail.data, log: writer, body)
        writer.flush()
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    private func call(_ server: TestServer, authToken: String? = nil) async throws -> String {
        let call = TwinCallConfiguration(webhookURL: server.webhook, from: Self.number, authToken: authToken)
        _ = try await server.place(try .saying("caller-stop"), as: call)
        return call.callSid
    }

    private func events(_ records: [[String: Any]]) -> [String] { records.compactMap { $0["event"] as? String } }

    @Test func aCallIsRecordedFromItsWebhookToItsEnd() async throws {
        try await withTrail { trail in
            try await withServer(folder: trail.data) { (server: TestServer) async throws in
                let callSid = try await call(server)
                #expect(try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)/transcript").status == 200)
            }
            let report = try #require(try trail.verify())
            #expect(report.fault == nil && !report.isUnfinished)
            let records = try trail.export()
            let names = events(records)
            #expect(names.prefix(2) == ["server.started", "settings.changed"] && names.last == "server.stopped")
            let steps = [
                "webhook.accepted", "voice.twilio.session.created", "voice.twilio.stream.connected", "voice.twilio.stream.started",
                "voice.twilio.transcript", "voice.twilio.stream.stopped", "access",
            ]
            #expect(steps.allSatisfy(names.contains))
            let transcript = try #require(records.first { $0["event"] as? String == "voice.twilio.transcript" })
            #expect((transcript["personal"] as? [String: Any])?["response"] as? String != "")
            let access = records.compactMap { $0["fields"] as? [String: Any] }.compactMap { $0["what"] as? String }
            // The test itself reads the events while the call goes on.
            #expect(access.filter { $0 != "events" } == ["transcript"] && access.contains("events"))
            #expect(!String(decoding: try trail.bytes, as: UTF8.self).contains("4155551234"))
        }
    }

    @Test func whoeverIsRefusedIsRecorded() async throws {
        try await withTrail { trail in
            try await withServer([.twilioAuthToken: "twilio-secret"], folder: trail.data) { (server: TestServer) async throws in
                #expect(try await server.inbound(callSid: newCallSid()).status == 403)
                #expect(try await server.request(.GET, "/api/voice/sessions", token: "wrong-token-000000").status == 401)
                for _ in 0..<100 { _ = try await server.request(.GET, "/metrics", token: "wrong-token-000000") }
            }
            let records = try trail.export()
            let refusal = try #require(records.first { $0["event"] as? String == "webhook.refused" }?["fields"] as? [String: Any])
            #expect(refusal["reason"] as? String == "bad_signature" && refusal["route"] as? String == "inbound")
            let tokens = records.filter { $0["event"] as? String == "token.refused" }.compactMap { $0["fields"] as? [String: Any] }
            #expect(tokens.count == AuditThrottle.mostEach + 1)
            #expect(tokens.first?["path"] as? String == "/api/voice/sessions")
            #expect(tokens.last?["count"] as? Int == 101 - AuditThrottle.mostEach)
            let text = String(decoding: try trail.bytes, as: UTF8.self)
            #expect(!text.contains("wrong-token") && !text.contains("twilio-secret"))
        }
    }

    @Test func aCallerWhoIsErasedIsErasedInTheTrailToo() async throws {
        try await withTrail { trail in
            try await withServer(folder: trail.data) { (server: TestServer) async throws in
                _ = try await call(server)
                #expect(try await server.request(.DELETE, "/api/voice/callers/%2B14155551234").status == 200)
            }
            #expect(try trail.verify()?.fault == nil)
            let records = try trail.export()
            let personal = records.filter { ["voice.twilio.session.created", "voice.twilio.transcript"].contains($0["event"] as? String) }
            #expect(personal.count >= 2 && personal.allSatisfy { $0["erased"] as? Bool == true && $0["personal"] == nil })
            #expect(events(records).contains("caller.erased"))
        }
    }

    @Test func aCallThatThePolicyRefusesIsRecordedWithItsCaller() async throws {
        try await withTrail { trail in
            try await withServer([.blockedNumbers: Self.number], folder: trail.data) { (server: TestServer) async throws in
                _ = try await server.inbound(callSid: newCallSid(), from: Self.number)
            }
            let refusal = try #require(try trail.export().first { $0["event"] as? String == "call.refused" })
            #expect((refusal["personal"] as? [String: Any])?["from"] as? String == Self.number)
            #expect(!String(decoding: try trail.bytes, as: UTF8.self).contains("4155551234"), "nor is it in the settings")
        }
    }

    @Test(arguments: [true, false])
    func withMaskingOnNoLineHoldsTheNumberAndSecretsAreInNoLineEver(isMasked: Bool) async throws {
        try await withTrail { trail in
            let settings: [SettingKey: String] = [
                .maskNumbers: "\(isMasked)", .twilioAuthToken: "twilio-secret-1", .twilioAuthTokenSecondary: "twilio-secret-2",
                .apiToken: "api-secret-0123456789",
            ]
            let log = try await log(of: trail, settings) { (server: TestServer) async throws in
                _ = try await call(server, authToken: "twilio-secret-1")
                _ = try await server.inbound(callSid: newCallSid(), from: Self.number)
                _ = try await server.request(.GET, "/?token=api-secret-0123456789", token: "")
                _ = try await server.request(.GET, "/api/voice/sessions/\(Self.number)")
                let wrong = server.socket(callSid: "CA1%2B14155551234")
                try? await wrong.withConnection { _, _ in }
            }
            let masked = "from=+1415*****34"
            #expect(log.contains(masked) == isMasked)
            #expect(log.contains("from=+14155551234") == !isMasked)
            if isMasked { #expect(!log.contains("4155551234")) }
            #expect(log.contains("A webhook was refused") && log.contains(" transcript="))
            let text = String(decoding: try trail.bytes, as: UTF8.self)
            for secret in ["twilio-secret", "api-secret"] { #expect(!log.contains(secret) && !text.contains(secret)) }
        }
    }
}
