import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Peers that keep no rules: whatever they send, the call ends well and the server stays.
@Suite struct HostilePeerTests {
    /// Messages that are skipped: the stream goes on after them.
    static let skipped: [(name: String, messages: [String])] = [
        ("bad base64", [#"{"event":"media","streamSid":"MZ1","media":{"payload":"!!!!"}}"#]),
        ("empty payload", [Wire.media([])]),
        ("one byte", [Wire.media([0])]),
        ("large payload", [Wire.media([UInt8](repeating: 0x7F, count: 100_000))]),
        ("not JSON", ["hello", "{", "[]", "null", "{\"event\":", "\u{0}"]),
        ("deep nesting", [String(repeating: "[", count: 10_000), #"{"event":"media","x":"# + String(repeating: "[", count: 10_000)]),
        ("unknown events", [#"{"event":"wave","hand":1}"#, #"{"event":""}"#]),
        ("missing fields", [#"{"event":"media"}"#, #"{"event":"mark"}"#, #"{}"#]),
        ("numbers for strings", [#"{"event":"media","sequenceNumber":2,"media":{"track":"inbound","chunk":1,"timestamp":20,"payload":"////"}}"#]),
        ("strings for numbers", [#"{"event":"media","sequenceNumber":"x","media":{"chunk":"","timestamp":"1e9","payload":"////"}}"#]),
        ("wild sequence", [Wire.media(number: 9), Wire.media(number: 9), Wire.media(number: 3), Wire.media(number: 1_000_000_000)]),
        ("foreign marks", [#"{"event":"mark","streamSid":"MZ1","mark":{"name":"never sent"}}"#]),
        ("odd digits", [#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":""}}"#, #"{"event":"dtmf","dtmf":{"digit":"12"}}"#]),
    ]

    @Test(arguments: skipped.indices) func whatCannotBeReadIsSkippedAndTheStreamGoesOn(index: Int) async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                for message in Self.skipped[index].messages { try await outbound.send(message) }
                try await outbound.binary([1, 2, 3])
                try await outbound.text([0xFF, 0xFE, 0x7B])
                try await outbound.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"7"}}"#)
                let events = try await server.events(callSid: callSid, until: "voice.dtmf")
                #expect(events.last?["digit"] as? String == "7", "\(Self.skipped[index].name)")
                try await outbound.send(Wire.stop(callSid: callSid))
                try await outbound.send(Wire.stop(callSid: callSid))
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
            // The end is written behind the socket's close, so it is waited for.
            let session = try #require(try await server.events(callSid: callSid).last?["session"] as? [String: Any])
            #expect(session["state"] as? String == "stopped")
            #expect(session["stop_reason"] as? String == "stream_stopped")
        }
    }

    @Test func aMessageOverTheLimitClosesItsSocketAndNoOther() async throws {
        try await withServer { (server: TestServer) async throws in
            let (first, second) = (newCallSid(), newCallSid())
            let tokens = (try await server.openSession(callSid: first), try await server.openSession(callSid: second))
            try await server.socket(callSid: second).withConnection { _, bystander in
                try await bystander.send(Wire.start(callSid: second, token: tokens.1))
                try await server.socket(callSid: first).withConnection { inbound, outbound in
                    try await outbound.send(Wire.start(callSid: first, token: tokens.0))
                    try? await outbound.send(String(repeating: "x", count: 1 << 20))
                    #expect(try await inbound.untilClosed().closeCode == 1009)
                }
                _ = try await server.events(callSid: first)
                try await bystander.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"1"}}"#)
                #expect(try await server.events(callSid: second, until: "voice.dtmf").last?["digit"] as? String == "1")
            }
        }
    }

    @Test func aSecondStartEndsTheStream() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                #expect(try await inbound.untilClosed().closeCode == 1008)
            }
            let events = try await server.events(callSid: callSid)
            #expect(events.last?["reason"] as? String == "protocol_fault")
        }
    }

    @Test func aTokenIsGoodForOneStream() async throws {
        try await withServer { (server: TestServer) async throws in
            try await server.withLateSocket { _, late, lateOutbound, start in
                try await lateOutbound.send(start)
                #expect(try await late.untilClosed().closeCode == 1008)
            }
        }
    }
}
