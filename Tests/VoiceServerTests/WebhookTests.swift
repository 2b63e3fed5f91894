import NIOHTTP1
import Testing
import Twilio

@testable import VoiceServer

/// The inbound webhook and the callbacks.
@Suite struct WebhookTests {
    @Test func theDocumentIsTheContracts() async throws {
        try await withServer { (server: TestServer) async throws in
            let answer = try await server.inbound(callSid: "CA123")
            #expect(answer.status == 200)
            #expect(answer.headers.first(name: "Content-Type") == "application/xml")
            let stream = "<Stream url=\"wss://\(server.authority)/api/voice/twilio/stream/twilio-CA123\"><Parameter name=\"token\" value=\""
            #expect(answer.text.contains("<Response><Say voice=\"alice\">Connecting to agent.</Say><Connect>\(stream)"))
            let wayBack = "<Pause length=\"1\" /><Redirect method=\"POST\">\(server.webhook)#rc=5&amp;rp=ct,rt,5xx</Redirect>"
            #expect(answer.text.contains("</Connect>\(wayBack)</Response>"))
        }
    }

    @Test func aRepeatedWebhookGetsTheSameAnswerAndNoSecondSession() async throws {
        try await withServer { (server: TestServer) async throws in
            let first = try await server.inbound(callSid: "CA123")
            let second = try await server.inbound(callSid: "CA123")
            #expect(first.text == second.text)
            #expect(try await server.sessions() == ["twilio-CA123"])
            #expect(try await server.events(callSid: "CA123", until: "voice.session.created").count == 1)
        }
    }

    @Test(arguments: ["CallSid", "From", "To"]) func aMissingParameterIsABadRequestThatNamesIt(name: String) async throws {
        try await withServer { (server: TestServer) async throws in
            let pairs = [("CallSid", "CA1"), ("From", "%2B1"), ("To", "%2B2")].filter { $0.0 != name }.map { "\($0.0)=\($0.1)" }
            let answer = try await server.request(.POST, "/api/voice/twilio/inbound", token: "", body: pairs.joined(separator: "&"))
            #expect(answer.status == 400)
            #expect(answer.text.contains(name))
        }
    }

    @Test func anotherFailureIsSpokenNotShown() async throws {
        try await withServer { (server: TestServer) async throws in
            let apology = "<Say voice=\"alice\">Sorry, we encountered an error. Please try again later.</Say><Hangup />"
            let strange = try await server.request(.POST, "/api/voice/twilio/inbound", token: "", body: "CallSid=..%2Fetc&From=%2B1&To=%2B2")
            #expect(strange.status == 200 && strange.text.contains(apology))
            let long = String(repeating: "9", count: 2000)
            #expect(try await server.inbound(callSid: "CA1", from: long).text.contains(apology))
        }
    }

    @Test func getWorksAsPostDoes() async throws {
        try await withServer { (server: TestServer) async throws in
            let answer = try await server.request(.GET, "/api/voice/twilio/inbound?CallSid=CA9&From=%2B14155551234&To=%2B14155555678", token: "")
            #expect(answer.status == 200 && answer.text.contains("twilio-CA9"))
        }
    }

    @Test(arguments: ["status", "stream-status", "recording-status", "dial-status"])
    func callbacksAreTakenAsGetToo(name: String) async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1", authToken: "secret")
            let query = "?CallSid=CA1&CallStatus=completed&DialCallStatus=completed"
            let path = "/api/voice/twilio/\(name)\(query)"
            let signature = RequestSignature.sign(url: server.address + path, parameters: WebhookParameters(), authToken: "secret")
            #expect(try await server.request(.GET, path, token: "", headers: [("X-Twilio-Signature", "wrong")]).status == 403)
            let answer = try await server.request(.GET, path, token: "", headers: [("X-Twilio-Signature", signature)])
            #expect(answer.status == (name == "dial-status" ? 200 : 204))
            let session = try await server.request(.GET, "/api/voice/sessions/twilio-CA1").json
            #expect(session["state"] as? String == (["status", "dial-status"].contains(name) ? "stopped" : "created"))
        }
    }

    @Test func aRefusedWebhookSaysWhyInJSON() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            let answer = try await server.inbound(callSid: "CA1", authToken: "guess")
            #expect(answer.json["code"] as? String == "bad_signature" && answer.json["error"] as? String != nil)
        }
    }

    @Test func aBadSignatureCreatesNothing() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            #expect(try await server.inbound(callSid: "CA1").status == 403)
            #expect(try await server.inbound(callSid: "CA1", authToken: "guess").status == 403)
            #expect(try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA1").status == 403)
            #expect(try await server.sessions("/api/voice/sessions").isEmpty)
            #expect(try await server.inbound(callSid: "CA1", authToken: "secret").status == 200)
        }
    }

    @Test func behindAProxyTheConfiguredAddressCounts() async throws {
        try await withServer([.twilioAuthToken: "secret", .publicURL: "https://voice.example.com"]) { (server: TestServer) async throws in
            let parameters = WebhookParameters([.init("CallSid", "CA1"), .init("From", "+1"), .init("To", "+2")])
            let url = "https://voice.example.com/api/voice/twilio/inbound"
            let signature = RequestSignature.sign(url: url, parameters: parameters, authToken: "secret")
            let answer = try await server.request(
                .POST,
                "/api/voice/twilio/inbound",
                headers: [("X-Twilio-Signature", signature)],
                body: parameters.formEncoded
            )
            #expect(answer.status == 200 && answer.text.contains("wss://voice.example.com/api/voice/twilio/stream/twilio-CA1"))
        }
    }

    @Test func aForgedHostCannotBreakOutOfTheDocument() async throws {
        try await withServer { (server: TestServer) async throws in
            let answer = try await server.request(
                .POST,
                "/api/voice/twilio/inbound",
                headers: [("Host", "evil\"/><Hangup/>")],
                body: "CallSid=CA1&From=%2B1&To=%2B2"
            )
            #expect(answer.status == 400)
        }
    }

    @Test func aCompletedCallEndsItsSessionOnce() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.inbound(callSid: "CA1")
            for _ in 0..<2 {
                #expect(
                    try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA1&CallStatus=completed").status == 204
                )
            }
            let events = try await server.events(callSid: "CA1")
            #expect(events.count == 2)
            #expect(events.last?["reason"] as? String == "call_completed")
            #expect(try await server.inbound(callSid: "CA1").text.contains("<Response><Hangup /></Response>"))
        }
    }

    @Test func callbacksForUnknownCallsAreHarmless() async throws {
        try await withServer { (server: TestServer) async throws in
            for path in ["status", "stream-status", "recording-status"] {
                let answer = try await server.request(.POST, "/api/voice/twilio/\(path)", token: "", body: "CallSid=CAnone&CallStatus=completed")
                #expect(answer.status == 204)
            }
            #expect(try await server.sessions("/api/voice/sessions").isEmpty)
        }
    }
}
