import NIOHTTP1
import Testing

@testable import VoiceServer

/// The REST API and the event streams.
@Suite struct APITests {
    @Test(arguments: ["/api/voice/sessions", "/api/voice/events", "/api/voice/sessions/twilio-CA1", "/metrics"])
    func withoutTheTokenNothingIsShown(path: String) async throws {
        try await withServer { (server: TestServer) async throws in
            for token in ["", String(server.token.dropLast()) + "x", server.token + "x", "x"] {
                let answer = try await server.request(.GET, path, token: token)
                #expect(answer.status == 401)
            }
        }
    }

    @Test func theTokenIsTakenFromTheQueryToo() async throws {
        try await withServer { (server: TestServer) async throws in
            #expect(try await server.request(.GET, "/api/voice/sessions?token=\(server.token)", token: "").status == 200)
        }
    }

    @Test func healthNeedsNoTokenAndReadinessFollowsTheEngines() async throws {
        try await withServer { (server: TestServer) async throws in
            let health = try await server.request(.GET, "/healthz", token: "")
            #expect(health.status == 200)
            let expected = ["status": "ok", "version": ProgramVersion.number, "commit": TestServer.version.commit]
            #expect(health.json as? [String: String] == expected)
            var status = 503
            for _ in 0..<500 where status != 200 { status = try await server.request(.GET, "/readyz", token: "").status }
            #expect(status == 200)
        }
    }

    @Test func sessionsAreListedNewestFirstPageByPage() async throws {
        try await withServer { (server: TestServer) async throws in
            for number in 1...5 { _ = try await server.inbound(callSid: "CA\(number)") }
            #expect(try await server.sessions("/api/voice/sessions?limit=2") == ["twilio-CA5", "twilio-CA4"])
            #expect(try await server.sessions("/api/voice/sessions?before=twilio-CA4") == ["twilio-CA3", "twilio-CA2", "twilio-CA1"])
            let third = try await server.request(.GET, "/api/voice/sessions/twilio-CA3").json["created_at"] as? String ?? ""
            #expect(try await server.sessions("/api/voice/sessions?before=\(third)") == ["twilio-CA2", "twilio-CA1"])
            #expect(try await server.sessions("/api/voice/sessions?state=active").isEmpty)
        }
    }

    @Test(arguments: ["limit=0", "limit=x", "limit=501", "state=asleep"]) func aBadQuerySaysWhatIsWrong(query: String) async throws {
        try await withServer { (server: TestServer) async throws in
            let answer = try await server.request(.GET, "/api/voice/sessions?\(query)")
            #expect(answer.status == 400)
            #expect((answer.json["error"] as? String)?.contains(query.prefix { $0 != "=" }) == true)
        }
    }

    @Test func anUnknownSessionIsNotFound() async throws {
        try await withServer { (server: TestServer) async throws in
            for path in ["", "/transcript", "/events"] {
                #expect(try await server.request(.GET, "/api/voice/sessions/twilio-CAnone\(path)").status == 404)
            }
        }
    }

    @Test func anEventStreamResumesAfterTheLastEventSeen() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            _ = try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA1&CallStatus=completed")
            #expect(try await server.events(callSid: "CA1").compactMap { $0["seq"] as? Int } == [1, 2])
            #expect(try await server.events(callSid: "CA1", after: 1).compactMap { $0["seq"] as? Int } == [2])
            let beyond = try await server.request(.GET, "/api/voice/sessions/twilio-CA1/events", headers: [("Last-Event-ID", "2")])
            #expect(beyond.status == 204, "nothing will follow, so a browser need not come back")
        }
    }

    @Test(arguments: [0, 1, 999_999, 1_000_000, 1_769_850_300_000_123]) func momentsReadAsTheyAreWritten(microseconds: Int) {
        #expect(Timestamp.microseconds(Timestamp.text(microseconds)) == microseconds)
        #expect(Timestamp.text(1_769_850_300_000_123) == "2026-01-31T09:05:00.000123Z")
        #expect(Timestamp.microseconds("twilio-CA1") == nil)
    }

    @Test func theSessionObjectHasTheContractsFields() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1", from: "sip:anna@example.com")
            let session = try await server.request(.GET, "/api/voice/sessions/twilio-CA1").json
            let names: Set = [
                "session_id", "project_id", "provider", "stt_provider", "transport", "transport_metadata", "state", "interrupted", "created_at",
                "last_activity_at", "stopped_at", "stop_reason", "metadata",
            ]
            #expect(Set(session.keys) == names)
            #expect((session["transport_metadata"] as? [String: Any])?["from_number"] as? String == "sip:anna@example.com")
            #expect(session["project_id"] as? String == "default" && session["transport"] as? String == "twilio_stream")
        }
    }

    @Test func whatWasToldIsThereAfterARestart() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
        }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            #expect(try await server.events(callSid: "CA1", until: "voice.session.created").count == 1)
            #expect(try await server.inbound(callSid: "CA1").text.contains("twilio-CA1"))
        }
    }
}
