import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Media sockets that are refused before the upgrade, and those that are closed after it.
@Suite struct HandshakeTests {
    private func signed(_ server: TestServer, _ callSid: String) -> [(name: String, value: String)] {
        let url = "wss://\(server.authority)/api/voice/twilio/stream/twilio-\(callSid)"
        let signature = RequestSignature.sign(url: url, parameters: WebhookParameters(), authToken: "secret")
        return [("User-Agent", "Twilio.TmeWs/1.0"), ("X-Twilio-Signature", signature)]
    }

    private func status(_ client: MediaStreamClient) async -> Int? {
        do {
            try await client.withConnection { _, _ in }
            return 101
        } catch {
            return (error as? TwinError)?.status
        }
    }

    @Test func onlyASignedHandshakeOfAKnownSessionIsUpgraded() async throws {
        try await withServer([.twilioAuthToken: "secret"]) { (server: TestServer) async throws in
            let callSid = newCallSid()
            _ = try await server.openSession(callSid: callSid, authToken: "secret")
            #expect(await status(server.socket(callSid: callSid)) == 403)
            #expect(await status(server.socket(callSid: callSid, headers: [("X-Twilio-Signature", "bm90IGl0")])) == 403)
            #expect(await status(server.socket(callSid: "CAunknown", headers: signed(server, "CAunknown"))) == 404)
            #expect(await status(server.socket(callSid: callSid, headers: signed(server, callSid))) == 101)
        }
    }

    @Test func aRotatedTokenSignsToo() async throws {
        try await withServer([.twilioAuthToken: "new", .twilioAuthTokenSecondary: "secret"]) { (server: TestServer) async throws in
            #expect(try await server.inbound(callSid: newCallSid(), authToken: "secret").status == 200)
            #expect(try await server.inbound(callSid: newCallSid(), authToken: "new").status == 200)
            #expect(try await server.inbound(callSid: newCallSid(), authToken: "older").status == 403)
        }
    }

    @Test func aPlainClientIsToldOfAnUnknownSessionOnTheSocket() async throws {
        try await withServer { (server: TestServer) async throws in
            try await server.socket(callSid: "CAunknown", headers: [("User-Agent", "plain")]).withConnection { inbound, _ in
                let (messages, code) = try await inbound.untilClosed()
                #expect(messages.count == 1)
                #expect(messages.first?.contains(#""type":"error""#) == true)
                #expect(code == 1008)
            }
            #expect(await status(server.socket(callSid: "CAunknown")) == 404)
        }
    }

    @Test func aSecondSocketOfALiveSessionIsRefusedAndTheFirstGoesOn() async throws {
        try await withServer { (server: TestServer) async throws in
            let isTried = CallerSignal()
            let call = TwinCallConfiguration(webhookURL: server.webhook, script: [.waitUntil(isTried), .hangUp])
            _ = try await server.openSession(callSid: call.callSid)
            async let report = TwinCall(call).run()
            _ = try await server.events(callSid: call.callSid, until: "voice.session.active")
            #expect(await status(server.socket(callSid: call.callSid)) == 409)
            isTried.give()
            #expect(try await report.ending == .callerHungUp)
            #expect(try await server.events(callSid: call.callSid).last?["reason"] as? String == "stream_stopped")
            #expect(await status(server.socket(callSid: call.callSid)) == 404, "an ended session takes no stream")
        }
    }

    @Test(arguments: ["wrong", nil]) func aStreamWithoutItsTokenIsClosed(token: String?) async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            _ = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                #expect(try await inbound.untilClosed().closeCode == 1008)
            }
            let session = try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)").json
            #expect(session["state"] as? String == "created")
        }
    }

    @Test func audioBeforeStartClosesTheSocket() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.media())
                // A start that comes too late does not bring the stream back.
                try? await outbound.send(Wire.start(callSid: callSid, token: token))
                #expect(try await inbound.untilClosed().closeCode == 1008)
            }
            let session = try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)").json
            #expect(session["state"] as? String == "created", "the token is still good for a stream that keeps the rules")
        }
    }

    @Test func theStreamAddressIsNoPage() async throws {
        try await withServer { (server: TestServer) async throws in
            #expect(try await server.request(.GET, "/api/voice/twilio/stream/twilio-CA1").status == 426)
        }
    }
}
