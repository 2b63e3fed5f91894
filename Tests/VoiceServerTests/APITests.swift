import AsyncHTTPClient
import Foundation
import NIOCore
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

    @Test func aListSaysWhereItGoesOnAndTheLastPageThatItIsTheLast() async throws {
        try await withServer { (server: TestServer) async throws in
            for number in 1...5 { _ = try await server.inbound(callSid: "CA\(number)", from: "+14155550199") }
            let lists = ["/api/voice/sessions?state=created&limit=2", "/api/voice/callers/%2B14155550199/sessions?limit=2"]
            for list in lists {
                var next: String? = list
                var pages: [[String]] = []
                while let path = next, pages.count < 9 {
                    pages.append(try await server.sessions(path))
                    next = try await server.request(.GET, path).json["next"] as? String
                }
                #expect(pages == [["twilio-CA5", "twilio-CA4"], ["twilio-CA3", "twilio-CA2"], ["twilio-CA1"]], "\(list)")
            }
            #expect(try await server.request(.GET, "/api/voice/sessions?limit=5").json["next"] is NSNull)
            let withToken = try await server.request(.GET, "/api/voice/sessions?limit=2&token=\(server.token)", token: "")
            #expect(!withToken.text.contains(server.token), "a path that is shown or logged holds no token")
        }
    }

    @Test func aListHasTheEventsOfItsSessionsIfTheyAreAskedFor() async throws {
        try await withServer { (server: TestServer) async throws in
            for number in 1...3 { _ = try await server.inbound(callSid: "CA\(number)") }
            let list = try await server.request(.GET, "/api/voice/sessions?events=true&limit=2").json
            let events = list["events"] as? [String: [[String: Any]]] ?? [:]
            #expect(events.keys.sorted() == ["twilio-CA2", "twilio-CA3"])
            #expect(events["twilio-CA3"]?.map { $0["type"] as? String } == ["voice.session.created"])
            #expect((list["next"] as? String)?.contains("events=true") == true, "the next page has them, too")
            #expect(try await server.request(.GET, "/api/voice/sessions?events=false").json["events"] == nil)
        }
    }

    @Test(arguments: ["events=1", "limit=0", "limit=x", "limit=501", "state=asleep", "before=twilio-CAnone", "before=yesterday"])
    func aBadQuerySaysWhatIsWrong(query: String) async throws {
        try await withServer { (server: TestServer) async throws in
            let answer = try await server.request(.GET, "/api/voice/sessions?\(query)")
            #expect(answer.status == 400)
            #expect((answer.json["error"] as? String)?.contains(query.prefix { $0 != "=" }) == true)
            #expect(answer.json["code"] as? String == "bad_parameter")
        }
    }

    @Test(arguments: [
        ("/api/voice/sessions", "state, events, limit, before"), ("/api/voice/sessions/twilio-CA1", "token"),
        ("/api/voice/sessions/twilio-CA1/transcript", "token"), ("/api/voice/sessions/twilio-CA1/events", "from, last_event_id"),
        ("/api/voice/events", "from, last_event_id"), ("/api/voice/callers/+14155551234/sessions", "limit, before"),
    ])
    func aQueryParameterThatNobodyKnowsIsRefused(path: String, known: String) async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            let answer = try await server.request(.GET, path + "?limits=2")
            #expect(answer.status == 400 && answer.json["code"] as? String == "unknown_parameter")
            let error = answer.json["error"] as? String ?? ""
            #expect(error.contains("limits") && error.contains(known), "\(error)")
        }
    }

    @Test func aWrongMethodSaysWhichOnesThereAre() async throws {
        try await withServer { (server: TestServer) async throws in
            let routes: [(HTTPMethod, String, String)] = [
                (.POST, "/healthz", "GET, HEAD"), (.DELETE, "/api/voice/sessions", "GET, HEAD"), (.GET, "/api/voice/sessions/x/end", "POST"),
                (.PUT, "/api/voice/callers/+1415", "DELETE"), (.PATCH, "/api/voice/twilio/inbound", "GET, HEAD, POST"),
                (.RAW(value: "PROPFIND"), "/metrics", "GET, HEAD"), (.OPTIONS, "/", "GET, HEAD"),
            ]
            for (method, path, allowed) in routes {
                let answer = try await server.request(method, path)
                #expect(answer.status == 405 && answer.headers.first(name: "Allow") == allowed, "\(method) \(path)")
                #expect(answer.json["code"] as? String == "method_not_allowed" && (answer.json["error"] as? String)?.contains(allowed) == true)
            }
        }
    }

    @Test func aPathThatLeadsNowhereIsAnErrorLikeOthers() async throws {
        try await withServer { (server: TestServer) async throws in
            for (method, path) in [(HTTPMethod.GET, "/api/voice/session"), (.POST, "/api/voice/twilio/inbuond"), (.GET, "/api/voice/sessions/a/b/c")]
            {
                let answer = try await server.request(method, path)
                #expect(answer.status == 404 && answer.json["code"] as? String == "not_found")
                #expect((answer.json["error"] as? String)?.contains(path) == true)
            }
            #expect(try await server.request(.GET, "/metrics", token: "").json["code"] as? String == "unauthorized")
            #expect(try await server.request(.GET, "/api/voice/sessions/twilio-CAnone").json["code"] as? String == "unknown_session")
        }
    }

    @Test(arguments: [
        "/healthz", "/readyz", "/metrics", "/", "/api/voice/sessions", "/api/voice/sessions/twilio-CA1", "/api/voice/events", "/api/voice/nowhere",
        "/api/voice/sessions?bogus=1", "/api/voice/sessions/twilio-CA1/end",
    ])
    func headIsGetWithoutABody(path: String) async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            let get = path.hasSuffix("/events") ? 200 : try await server.request(.GET, path).status
            let fields = " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(server.token)\r\n"
            // A body after the first answer would be read as the second one.
            let (head, next) = try await RawConnection.lend(to: server) { connection, inbound in
                try await connection.send("HEAD \(path)\(fields)\r\n")
                let head = try await inbound.until("\r\n\r\n")
                try await connection.send("GET /healthz\(fields)Connection: close\r\n\r\n")
                return (head, await inbound.untilClosed())
            }
            // The server may have become ready in between.
            #expect([get, 200].contains { head.hasPrefix("HTTP/1.1 \($0) ") }, "\(head)")
            #expect(head.hasSuffix("\r\n\r\n") && next.hasPrefix("HTTP/1.1 200 "), "\(head)\(next)")
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

    @Test func anEventStreamMayBeginWithWhatHappensNext() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            let first = try await firstEvent(of: server, "")
            #expect(first == "twilio-CA1")
            let next = try await firstEvent(of: server, "?from=now", calling: "CA2")
            #expect(next == "twilio-CA2")
            let resumed = try await firstEvent(of: server, "?from=now", headers: [("Last-Event-ID", "1")], calling: "CA3")
            #expect(resumed == "twilio-CA2", "the last event that was seen counts more")
            for query in ["from=yesterday", "last_event_id=x", "last_event_id=-1"] {
                #expect(try await server.request(.GET, "/api/voice/events?\(query)").status == 400)
            }
        }
    }

    /// The session of the first event that a stream tells; once it has begun, a call comes in.
    private func firstEvent(
        of server: TestServer,
        _ query: String,
        headers: [(String, String)] = [],
        calling callSid: String? = nil
    ) async throws -> String? {
        var request = HTTPClientRequest(url: "\(server.address)/api/voice/events\(query)")
        request.headers.add(name: "Authorization", value: "Bearer \(server.token)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await server.http.execute(request, timeout: .seconds(30))
        if let callSid { _ = try await server.inbound(callSid: callSid) }
        var text = ""
        for try await chunk in response.body {
            text += String(buffer: chunk)
            guard let found = text.firstMatch(of: #/"session_id":"([^"]+)"/#) else { continue }
            return String(found.1)
        }
        return nil
    }

    @Test func theEventsOfASessionComeInPagesToo() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            _ = try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA1&CallStatus=completed")
            let path = "/api/voice/sessions/twilio-CA1/events"
            let json = [("Accept", "application/json")]
            let first = try await server.request(.GET, path + "?limit=1", headers: json).json
            #expect((first["events"] as? [[String: Any]])?.compactMap { $0["seq"] as? Int } == [1])
            let last = try await server.request(.GET, first["next"] as? String ?? "", headers: json).json
            #expect((last["events"] as? [[String: Any]])?.compactMap { $0["type"] as? String } == ["voice.session.stopped"])
            #expect(last["next"] is NSNull)
            #expect(try await server.request(.GET, path + "?after=2", headers: json).json["events"] as? [String] == [])
            for query in ["after=3", "after=-1", "after=x", "limit=0", "limit=1001"] {
                #expect(try await server.request(.GET, "\(path)?\(query)", headers: json).status == 400, "\(query)")
            }
            #expect(try await server.request(.GET, path + "?after=1").status == 400, "a stream does not know it")
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
                "session_id", "project_id", "agent", "direction", "provider", "stt_provider", "transport", "transport_metadata", "state",
                "interrupted", "created_at",
                "last_activity_at", "stopped_at", "stop_reason", "metadata",
            ]
            #expect(Set(session.keys) == names)
            #expect((session["transport_metadata"] as? [String: Any])?["from_number"] as? String == "sip:anna@example.com")
            #expect(session["agent"] as? String == "default" && session["direction"] as? String == "inbound")
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
