import NIOCore
import NIOHTTP1
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Peers that are slow on purpose, or send too much: they lose their connection, and nobody else notices.
@Suite(.serialized) struct SlowAndOversizedTests {
    private static let head = "POST /api/voice/twilio/inbound HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    /// Sends a byte after each request of somebody else, until the server has had enough.
    private func trickle(_ connection: RawConnection, _ server: TestServer) async throws {
        while connection.isOpen {
            try? await connection.send("a")
            #expect(try await server.request(.GET, "/healthz").status == 200)
        }
    }

    private func metric(_ server: TestServer, _ line: String) async throws -> Bool {
        try await server.request(.GET, "/metrics").text.contains(line)
    }

    @Test func aHeadThatTricklesIsCutOff() async throws {
        try await withServer(adjust: { $0.limits.firstRequest = .seconds(1) }) { (server: TestServer) async throws in
            try await RawConnection.lend(to: server) { connection, _ in
                // A busy machine may send it too late.
                try? await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\nX: ")
                try await trickle(connection, server)
            }
            #expect(try await metric(server, #"agentos_connections_cut_total{reason="slow"} 1"#))
        }
    }

    @Test func aBodyThatTricklesIsCutOff() async throws {
        try await withServer(adjust: { $0.limits.request = .seconds(1) }) { (server: TestServer) async throws in
            try await RawConnection.lend(to: server) { connection, _ in
                try? await connection.send(Self.head + "Content-Length: 1000000\r\n\r\nCallSid=CA1&x=")
                try await trickle(connection, server)
            }
            #expect(try await metric(server, #"agentos_connections_cut_total{reason="slow"} 1"#))
            #expect(try await server.sessions().isEmpty)
        }
    }

    @Test func aNextHeadThatTricklesIsCutOff() async throws {
        try await withServer(adjust: { $0.limits.idle = .seconds(5) }) { (server: TestServer) async throws in
            try await RawConnection.lend(to: server) { connection, inbound in
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await inbound.until("ok")
                #expect(answer.contains("200"))
                try? await connection.send("GET /healthz HTTP/1.1\r\nX: ")
                try await trickle(connection, server)
            }
        }
    }

    @Test func whoAsksAndNeverReadsIsCutOff() async throws {
        // Long enough for a busy machine to send the request.
        try await withServer(adjust: { $0.limits.idle = .seconds(4) }) { (server: TestServer) async throws in
            try await RawConnection.lend(to: server, receiveBuffer: 2048) { connection, _ in
                // Nothing is read here: the stream's events fill the way to us, and then nothing moves.
                try await connection.send("GET /api/voice/events?token=\(server.token) HTTP/1.1\r\nHost: h\r\n\r\n")
                let long = String(repeating: "9", count: 3000)
                while try await !metric(server, #"agentos_connections_cut_total{reason="idle"} 1"#) {
                    for _ in 0..<50 { _ = try await server.inbound(callSid: newCallSid(), from: long, to: long) }
                }
            }
        }
    }

    @Test func ofTooManyWaitingConnectionsTheOldestGoesAndCallsStay() async throws {
        try await withServer(adjust: { $0.limits.waiting = 4 }) { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                try await RawConnection.lend(to: server) { _, oldest in
                    try await crowd(server, 8)
                    #expect(await oldest.untilClosed().isEmpty)
                }
                #expect(try await server.request(.GET, "/healthz").status == 200)
                try await outbound.send(Wire.stop(callSid: callSid))
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
        }
    }

    /// Opens connections one inside the other, so that all stand at the same time; the last one still gets an answer.
    private func crowd(_ server: TestServer, _ count: Int) async throws {
        try await RawConnection.lend(to: server) { connection, inbound in
            guard count == 0 else { return try await crowd(server, count - 1) }
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await inbound.until("ok").contains("200"))
        }
    }

    @Test func aHeadOverTheLimitsIsRefused() async throws {
        let heads = [
            "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n\((0..<200).map { "X\($0): 1\r\n" }.joined())\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n\((0..<10).map { "X\($0): \(String(repeating: "a", count: 8000))\r\n" }.joined())\r\n",
            "no HTTP at all\r\n\r\n",
        ]
        try await withServer { (server: TestServer) async throws in
            for head in heads {
                try await RawConnection.lend(to: server) { connection, inbound in
                    try? await connection.send(head)
                    let answer = await inbound.untilClosed()
                    #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer.prefix(100))")
                }
            }
            #expect(try await server.request(.GET, "/healthz").status == 200)
            let wasQuick = try await metric(server, #"agentos_connections_cut_total{reason="slow"} 0"#)
            #expect(wasQuick, "each was refused at once, not when its time was up")
        }
    }

    @Test func aBodyOverTheLimitIsRefusedHoweverItIsSent() async throws {
        try await withServer { (server: TestServer) async throws in
            let large = String(repeating: "a", count: TwilioRoutes.mostBytes + 1)
            let size = String(large.utf8.count, radix: 16)
            let bodies = [
                "Content-Length: \(large.utf8.count)\r\n\r\n\(large)", "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(large)\r\n0\r\n\r\n",
            ]
            for body in bodies {
                try await RawConnection.lend(to: server) { connection, inbound in
                    try? await connection.send(Self.head + body)
                    let answer = try await inbound.until("\r\n")
                    #expect(answer.hasPrefix("HTTP/1.1 413"))
                }
            }
        }
    }

    @Test func aFloodOfSmallMessagesIsReadNoFasterThanSpeech() async throws {
        try await withServer { (server: TestServer) async throws in
            let flooded = newCallSid()
            let token = try await server.openSession(callSid: flooded)
            try await server.socket(callSid: flooded).withConnection { _, outbound in
                try await outbound.send(Wire.start(callSid: flooded, token: token))
                for _ in 0..<3_000 { try await outbound.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"1"}}"#) }
                let script: [CallerStep] = [.say(clip: try sample("caller-yes"), label: "yes"), .waitForAnswer(), .hangUp]
                let report = try await TwinCall(TwinCallConfiguration(webhookURL: server.webhook, script: script)).run()
                #expect(report.failures.isEmpty && report.turns.contains { $0.responseMs != nil })
                // A whole call has been held beside it; read as fast as it came, the flood would be over long ago.
                let events = try await server.request(.GET, "/api/voice/sessions").json["last_event_id"] as? Int ?? .max
                #expect(events < 3_000)
            }
        }
    }

    @Test func messagesWithoutAudioCountAsAFrame() {
        var pace = RealTimePace()
        for _ in 0..<RealTimePace.burstMs / 20 { #expect(pace.aheadMs(afterBytes: RealTimePace.frameBytes) <= 0) }
        #expect(pace.aheadMs(afterBytes: RealTimePace.frameBytes) == 20 / RealTimePace.mostSpeed)
    }
}
