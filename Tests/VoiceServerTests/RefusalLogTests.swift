import Foundation
import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// What the log says of requests that were refused or led nowhere: enough to mend it, and no secret.
@Suite struct RefusalLogTests {
    private static let token = "0123456789abcdef0123456789abcdef"
    private static let account = "AC0123456789abcdef0123456789abcdef"
    private static let inbound = "/api/voice/twilio/inbound"

    /// Runs a server whose log goes to a file, and returns its lines.
    private func log(
        _ settings: [SettingKey: String] = [:],
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws -> [String] {
        let folder = FolderFixture()
        try folder.make()
        defer { folder.remove() }
        let path = folder.path + "/log"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let writer = LogWriter(try #require(FileHandle(forWritingAtPath: path)))
        let settings = [SettingKey.logLevel: "info", .twilioAuthToken: Self.token].merging(settings) { _, given in given }
        try await withServer(settings, environment: environment, log: writer, body)
        writer.flush()
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Posts a webhook that was signed for another address; the status.
    private func post(
        _ server: TestServer,
        signedFor url: String?,
        token: String = RefusalLogTests.token,
        path: String = RefusalLogTests.inbound,
        headers: [(String, String)] = [],
        account: String = RefusalLogTests.account
    ) async throws -> Int {
        let parameters = WebhookParameters([
            .init("CallSid", "CA77"), .init("AccountSid", account), .init("From", "+14155551234"), .init("To", "+14155555678"),
        ])
        let signature = url.map { [("X-Twilio-Signature", RequestSignature.sign(url: $0, parameters: parameters, authToken: token))] } ?? []
        return try await server.request(.POST, path, token: "", headers: signature + headers, body: parameters.formEncoded).status
    }

    private func refusal(_ lines: [String]) throws -> String {
        let refusals = lines.filter { $0.contains("was refused") }
        try #require(refusals.count == 1, "\(lines)")
        return refusals[0]
    }

    @Test func aMissingSignatureNamesTheAddressAndTheCall() async throws {
        let lines = try await log { (server: TestServer) async throws in
            #expect(try await post(server, signedFor: nil) == 403)
        }
        let line = try refusal(lines)
        #expect(line.contains("signature=missing") && line.contains("call_sid=CA77") && line.contains("/api/voice/twilio/inbound"))
        #expect(line.contains("a proxy removes the X-Twilio-Signature header"))
    }

    @Test func aProxyThatHidesTheSchemeIsFound() async throws {
        let lines = try await log { (server: TestServer) async throws in
            #expect(try await post(server, signedFor: "https://\(server.authority)\(Self.inbound)") == 403)
        }
        let line = try refusal(lines)
        #expect(line.contains("signature=wrong") && line.contains("the signature fits https://127.0.0.1"))
        #expect(line.contains("does not pass X-Forwarded-Proto") && line.contains("set AGENTOS_PUBLIC_URL=https://127.0.0.1"))
        #expect(!line.contains(Self.token))
    }

    @Test func aProxyThatChangesTheHostIsFound() async throws {
        let lines = try await log { (server: TestServer) async throws in
            let headers = [("X-Forwarded-Host", "voice.example.com")]
            #expect(try await post(server, signedFor: "https://voice.example.com\(Self.inbound)", headers: headers) == 403)
        }
        #expect(try refusal(lines).contains("the proxy changes the Host header; set AGENTOS_PUBLIC_URL=https://voice.example.com"))
    }

    @Test func aPublicAddressThatIsAnothersIsFound() async throws {
        let lines = try await log([.publicURL: "https://old.example.com"]) { (server: TestServer) async throws in
            #expect(try await post(server, signedFor: "https://new.example.com\(Self.inbound)", headers: [("Host", "new.example.com")]) == 403)
        }
        let line = try refusal(lines)
        #expect(line.contains("url=https://old.example.com/api/voice/twilio/inbound"))
        #expect(line.contains("AGENTOS_PUBLIC_URL is https://old.example.com; set AGENTOS_PUBLIC_URL=https://new.example.com"))
    }

    @Test func aPathThatAProxyChangedIsFound() async throws {
        let lines = try await log { (server: TestServer) async throws in
            #expect(try await post(server, signedFor: "http://\(server.authority)\(Self.inbound)/") == 403)
            #expect(try await post(server, signedFor: "http://\(server.authority)\(Self.inbound)", path: Self.inbound + "?a=b") == 403)
        }
        let refusals = lines.filter { $0.contains("was refused") }
        #expect(refusals.count == 2 && refusals[0].contains("a proxy changes the path") && refusals[1].contains("a proxy changes the query"))
    }

    @Test func anotherAccountsCallIsNamed() async throws {
        let other = "ACffffffffffffffffffffffffffffffff"
        let lines = try await log(environment: ["TWILIO_ACCOUNT_SID": Self.account]) { (server: TestServer) async throws in
            let url = "http://\(server.authority)\(Self.inbound)"
            #expect(try await post(server, signedFor: url, token: "another", account: other) == 403)
            #expect(try await post(server, signedFor: url, token: "another") == 403)
        }
        let refusals = lines.filter { $0.contains("was refused") }
        #expect(refusals.count == 2 && refusals[0].contains("the call is of account \(other)"))
        #expect(refusals[1].contains("TWILIO_AUTH_TOKEN is another account\\'s or an old one"))
    }

    @Test func aHandshakeThatIsRefusedSaysTheSame() async throws {
        let lines = try await log([.publicURL: "https://old.example.com"]) { (server: TestServer) async throws in
            let url = "wss://\(server.authority)/api/voice/twilio/stream/twilio-CA77"
            let signature = RequestSignature.sign(url: url, parameters: WebhookParameters(), authToken: Self.token)
            let headers = [(name: "User-Agent", value: "Twilio.TmeWs/1.0"), (name: "X-Twilio-Signature", value: signature)]
            let error = await #expect(throws: TwinError.self) {
                try await server.socket(callSid: "CA77", headers: headers).withConnection { _, _ in }
            }
            #expect(error?.status == 403)
        }
        let line = try refusal(lines)
        #expect(line.contains("A media socket was refused") && line.contains("call_sid=CA77"))
        #expect(line.contains("url=wss://old.example.com/api/voice/twilio/stream/twilio-CA77") && line.contains("the signature fits wss://127.0.0.1"))
    }

    @Test func aFloodOfRefusalsIsFewLines() async throws {
        let lines = try await log { (server: TestServer) async throws in
            for _ in 0..<30 { #expect(try await post(server, signedFor: nil) == 403) }
        }
        #expect(lines.filter { $0.contains("was refused") }.count == LineLimit.Window.maximum)
    }

    @Test func whatWasNotLoggedIsCountedInTheNextLine() {
        var window = LineLimit.Window()
        let begin = ContinuousClock.now
        for _ in 0..<LineLimit.Window.maximum { #expect(window.take(at: begin) == 0) }
        for _ in 0..<7 { #expect(window.take(at: begin + .seconds(59)) == nil) }
        #expect(window.take(at: begin + .seconds(60)) == 7)
        #expect(window.take(at: begin + .seconds(61)) == 0)
    }

    @Test func numbersInTheAddressStayMasked() async throws {
        let lines = try await log([.maskNumbers: "true"]) { (server: TestServer) async throws in
            let query = "?CallSid=CA77&From=%2B14155551234&To=%2B14155555678&token=hush-hush"
            #expect(try await server.request(.GET, Self.inbound + query, token: "").status == 403)
        }
        let line = try refusal(lines)
        #expect(!line.contains("4155551234") && !line.contains("hush-hush") && line.contains("call_sid=CA77"))
    }

    @Test func anAddressThatLeadsNowhereIsLoggedWithTheNearestRoute() async throws {
        let lines = try await log { (server: TestServer) async throws in
            let headers = [("User-Agent", "TwilioProxy/1.1")]
            #expect(try await server.request(.POST, "/api/voice/twillio/inbound?token=hush-hush", token: "", body: "a=b").status == 404)
            #expect(try await server.request(.POST, "/voice", token: "", headers: headers, body: "a=b").status == 404)
            #expect(try await server.request(.GET, "/wp-admin/setup.php", token: "").status == 404)
            let metrics = try await server.request(.GET, "/metrics").text
            #expect(metrics.contains("agentos_http_not_found_total 3"))
        }
        let found = lines.filter { $0.contains("There is nothing at the address of a request") }
        #expect(found.count == 3 && found.allSatisfy { $0.hasPrefix("INFO") || $0.contains("INFO") } && !lines.joined().contains("hush-hush"))
        #expect(found[0].contains("path=/api/voice/twillio/inbound") && found[0].contains("did you mean /api/voice/twilio/inbound?"))
        #expect(found[1].contains("did you mean /api/voice/twilio/inbound?"))
        #expect(found[2].contains("method=GET") && !found[2].contains("did you mean"))
    }

    @Test func aMethodThatAnAddressDoesNotHaveIsLoggedWithThoseItHas() async throws {
        let lines = try await log { (server: TestServer) async throws in
            for _ in 0..<2 { #expect(try await server.request(.PUT, Self.inbound, token: "", body: "a=b").status == 405) }
            #expect(try await server.request(.GET, "/metrics").text.contains("agentos_http_not_found_total 2"))
        }
        let found = lines.filter { $0.contains("A request has a method that its address does not have") }
        #expect(found.count == 1 && found[0].contains("method=PUT path=/api/voice/twilio/inbound") && found[0].contains("allow='GET, HEAD, POST'"))
    }

    @Test func aScannerCannotFloodTheLog() async throws {
        let lines = try await log { (server: TestServer) async throws in
            for number in 0..<30 { _ = try await server.request(.GET, "/\(number % 25)/x\(number)", token: "") }
            for _ in 0..<10 { _ = try await server.request(.GET, "/same/again", token: "") }
            #expect(try await server.request(.GET, "/metrics").text.contains("agentos_http_not_found_total 40"))
        }
        #expect(lines.filter { $0.contains("There is nothing at the address") }.count == LineLimit.Window.maximum)
    }

    @Test(arguments: [
        ("/inbound", "/api/voice/twilio/inbound"), ("/api/voice/twilio", "/api/voice/twilio/inbound"),
        ("/API/voice/twilio/inbound/", "/api/voice/twilio/inbound"), ("/api/voice/twilio/stream-stauts", "/api/voice/twilio/stream-status"),
        ("/health", "/healthz"), ("/api/voice/session", "/api/voice/sessions"), ("/favicon.ico", nil), ("/.env", nil),
    ])
    func theNearestRouteIsSuggested(path: String, route: String?) {
        let routes = [
            "/", "/healthz", "/readyz", "/metrics", "/api/voice/events", "/api/voice/sessions", "/api/voice/twilio/inbound",
            "/api/voice/twilio/status", "/api/voice/twilio/stream-status", "/api/voice/twilio/dial-status",
        ]
        #expect(NotFoundLog.suggestion(for: path, isTwilio: false, among: routes) == route)
    }
}
