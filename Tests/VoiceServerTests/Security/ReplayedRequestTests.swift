import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Requests that were genuine once and are sent again by whoever saw them.
@Suite struct ReplayedRequestTests {
    private func signed(_ server: TestServer, _ callSid: String) -> [(name: String, value: String)] {
        let url = "wss://\(server.authority)/api/voice/twilio/stream/twilio-\(callSid)"
        let signature = RequestSignature.sign(url: url, parameters: WebhookParameters(), authToken: "secret")
        return [("User-Agent", "Twilio.TmeWs/1.0"), ("X-Twilio-Signature", signature)]
    }

    @Test func aReplayedWebhookMakesNothingNewAndRaisesNoCallFromTheDead() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            for _ in 0..<20 { #expect(try await server.inbound(callSid: "CA1", authToken: "secret").status == 200) }
            #expect(try await server.sessions() == ["twilio-CA1"])
            let parameters = WebhookParameters([.init("CallSid", "CA1"), .init("CallStatus", "completed")])
            let url = server.address + "/api/voice/twilio/status"
            let signature = RequestSignature.sign(url: url, parameters: parameters, authToken: "secret")
            for _ in 0..<3 {
                let headers = [("X-Twilio-Signature", signature)]
                let answer = try await server.request(.POST, "/api/voice/twilio/status", token: "", headers: headers, body: parameters.formEncoded)
                #expect(answer.status == 204)
            }
            #expect(try await server.events(callSid: "CA1").count == 2, "created and stopped, once each")
            let late = try await server.inbound(callSid: "CA1", authToken: "secret").text
            #expect(late.contains("<Hangup />") && !late.contains("<Stream"))
            #expect(try await server.sessions("/api/voice/sessions?state=stopped") == ["twilio-CA1"])
        }
    }

    @Test func aSignatureOfOneAddressIsNoneOfAnother() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            let parameters = WebhookParameters([.init("CallSid", "CA1"), .init("From", "+1"), .init("To", "+2"), .init("CallStatus", "completed")])
            let signature = RequestSignature.sign(url: server.webhook, parameters: parameters, authToken: "secret")
            let headers = [("X-Twilio-Signature", signature)]
            for path in ["/api/voice/twilio/status", "/api/voice/twilio/inbound?x=1", "/api/voice/twilio/inbound/"] {
                let answer = try await server.request(.POST, path, token: "", headers: headers, body: parameters.formEncoded)
                #expect([403, 404].contains(answer.status), "\(path)")
            }
            let changed = WebhookParameters(parameters.pairs + [.init("From", "+3")])
            let answer = try await server.request(.POST, "/api/voice/twilio/inbound", token: "", headers: headers, body: changed.formEncoded)
            #expect(answer.status == 403)
            #expect(try await server.sessions().isEmpty)
        }
    }

    @Test func aReplayedHandshakeTakesNoRunningCallOver() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid, authToken: "secret")
            try await server.socket(callSid: callSid, headers: signed(server, callSid)).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                _ = try await server.events(callSid: callSid, until: "voice.session.active")
                try await outbound.send(Wire.media())
                await #expect(throws: (any Error).self) {
                    try await server.socket(callSid: callSid, headers: signed(server, callSid)).withConnection { late, lateOutbound in
                        try await lateOutbound.send(Wire.start(callSid: callSid, token: token))
                        guard try await late.untilClosed().closeCode == 1000 else { throw Refusal(.badToken, "closed as it should be") }
                    }
                }
                try await outbound.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"7"}}"#)
                #expect(try await server.events(callSid: callSid, until: "voice.dtmf").last?["digit"] as? String == "7")
                try await outbound.send(Wire.stop(callSid: callSid))
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
            await #expect(throws: TwinError.self, "an ended call takes no stream") {
                try await server.socket(callSid: callSid, headers: signed(server, callSid)).withConnection { _, _ in }
            }
        }
    }
}
