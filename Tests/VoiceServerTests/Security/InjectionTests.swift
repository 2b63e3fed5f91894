import Foundation
import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Values that would like to be something else: a path, a header, a query, markup, an address to go to.
@Suite struct InjectionTests {
    @Test func anIdThatIsNoneFindsNothing() async throws {
        let ids = [
            "..%2F..%2Fetc%2Fpasswd", "../../etc/passwd", "twilio-CA1%00", "twilio-CA1%0d%0aX-Evil:%201", "'%20OR%20'1'='1",
            "%22;DROP%20TABLE%20session;--", "twilio-CA%25", "%",
        ]
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            for id in ids {
                for path in ["", "/transcript", "/events"] {
                    let answer = try await server.request(.GET, "/api/voice/sessions/\(id)\(path)")
                    #expect([400, 404].contains(answer.status) && answer.headers.first(name: "X-Evil") == nil, "\(id)")
                    #expect(!answer.text.contains("root:"))
                }
                _ = try await server.request(.GET, "/api/voice/sessions?before=\(id)")
            }
            #expect(try await server.sessions() == ["twilio-CA1"], "the store is as it was")
        }
    }

    @Test func aCallIdThatIsNoneMakesNothing() async throws {
        let ids = [
            "CA1\r\nX-Evil: 1", "CA1/../../x", "CA1'--", "CA1\u{0}", "CA1<Hangup/>", "CA 1", "\u{202E}1AC", String(repeating: "C", count: 5000),
        ]
        try await withServer { (server: TestServer) async throws in
            for callSid in ids {
                let answer = try await server.inbound(callSid: callSid)
                #expect(!answer.text.contains("<Stream") && answer.headers.first(name: "X-Evil") == nil, "\(callSid)")
            }
            #expect(try await server.sessions().isEmpty)
        }
    }

    @Test func whoeverCallsTheDocumentStaysWhatItIs() async throws {
        let callers = ["client:</Parameter><Hangup/>", "client:\"/><Redirect>http://evil</Redirect>", "client:]]><!--", "client:&#x41;&bogus;"]
        try await withServer { (server: TestServer) async throws in
            let usual = try TwiML(parsing: try await server.inbound(callSid: "CA0").text).verbs.count
            for (index, from) in callers.enumerated() {
                let text = try await server.inbound(callSid: "CB\(index)", from: from).text
                #expect(try TwiML(parsing: text).verbs.count == (text.contains("<Stream") ? usual : 2), "\(from)")
                #expect(!text.contains("evil"))
            }
        }
    }

    @Test func aCallersMarkupIsTextOnTheDashboard() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1", from: "client:<script>alert(1)</script>")
            let list = try await server.request(.GET, "/api/voice/sessions")
            #expect(list.headers.first(name: "Content-Type") == "application/json")
            #expect(list.headers.first(name: "X-Content-Type-Options") == "nosniff")
            let page = try await server.request(.GET, "/")
            #expect(!page.text.contains("innerHTML") && !page.text.contains("document.write") && !page.text.contains("eval("))
            let policy = try #require(page.headers.first(name: "Content-Security-Policy"))
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        }
    }

    @Test func anAddressInARequestIsNotGoneTo() async throws {
        try await withServer { (other: TestServer) async throws in
            try await withServer { (server: TestServer) async throws in
                // Whoever followed it would make a session there.
                let trap = "http://\(other.authority)/api/voice/twilio/inbound?CallSid=CA9&From=%2B14155551234&To=%2B14155555678"
                let names = ["RecordingUrl", "StreamUrl", "Url", "StatusCallback", "ApiVersion", "From"]
                let pairs = [WebhookParameters.Pair("CallSid", "CA1"), .init("From", "+1"), .init("To", "+2")] + names.map { .init($0, trap) }
                for path in ["inbound", "status", "stream-status", "recording-status"] {
                    let body = WebhookParameters(pairs).formEncoded
                    _ = try await server.request(
                        .POST,
                        "/api/voice/twilio/\(path)",
                        token: "",
                        headers: [("X-Forwarded-Host", other.authority)],
                        body: body
                    )
                }
                #expect(try await other.sessions().isEmpty)
            }
        }
    }

    @Test func aForwardedSchemeIsBelievedFromThisMachineAlone() {
        #expect(PublicURL(host: "h", forwardedProto: "https", isLoopbackPeer: true)?.scheme == "https")
        #expect(PublicURL(host: "h", forwardedProto: "https", isLoopbackPeer: false)?.scheme == "http")
        #expect(PublicURL(host: "h", forwardedProto: nil, isLoopbackPeer: false, isSecured: true)?.scheme == "https")
        for host in ["", "a b", "a/b", "a\"b", "a<b", "u@h", "h?x", "h#x", "h\r\nX: 1", String(repeating: "h", count: 256)] {
            #expect(PublicURL(host: host, forwardedProto: nil, isLoopbackPeer: true) == nil, "\(host)")
        }
    }
}
