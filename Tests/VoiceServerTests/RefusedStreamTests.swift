import Conversation
import TestSupport
import Testing
import Twilio
import TwilioTwin

@testable import VoiceServer

/// Streams that are refused while their peer keeps sending: the peer reads why, instead of a reset.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RefusedStreamTests {
    /// More than the sockets' buffers hold, and not so much that other tests' servers get no turn.
    private static let frames = 4_000

    /// Sends media as fast as the server takes it, and reads until the close.
    private func flood(
        _ server: TestServer,
        _ callSid: String,
        opening: [String],
        userAgent: String = "Twilio.TmeWs/1.0",
        frame: String = Wire.media()
    ) async throws -> Int? {
        try await server.socket(callSid: callSid, headers: [("User-Agent", userAgent)]).withConnection { inbound, outbound in
            try await withThrowingTaskGroup(of: Int?.self) { group in
                group.addTask {
                    for message in opening { try? await outbound.send(message) }
                    for _ in 0..<Self.frames where !Task.isCancelled { try? await outbound.send(frame) }
                    return nil
                }
                group.addTask { try await inbound.untilClosed().closeCode }
                var code: Int?
                for try await found in group {
                    guard let found else { continue }
                    code = found
                    group.cancelAll()
                }
                return code
            }
        }
    }

    /// What a stream begins with that is refused.
    static let refused: [(name: String, opening: @Sendable (_ callSid: String, _ token: String) -> [String])] = [
        ("a wrong token", { callSid, _ in [Wire.start(callSid: callSid, token: "wrong")] }),
        ("another call", { _, token in [Wire.start(callSid: "CA0", token: token)] }),
        ("media before the start", { _, _ in [] }),
        ("a second start", { callSid, token in [Wire.start(callSid: callSid, token: token), Wire.start(callSid: callSid, token: token)] }),
    ]

    @Test(arguments: refused.indices)
    func aPeerThatKeepsSendingReadsWhyItIsRefused(_ index: Int) async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            let code = try await flood(server, callSid, opening: Self.refused[index].opening(callSid, token))
            #expect(code == 1008, "\(Self.refused[index].name)")
        }
    }

    @Test func aPeerOfUnreadableMessagesReadsWhyItIsRefused() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            let code = try await flood(server, callSid, opening: [Wire.start(callSid: callSid, token: token)], frame: "nonsense")
            #expect(code == 1008)
            #expect(try await server.events(callSid: callSid).last?["reason"] as? String == "protocol_fault")
        }
    }

    @Test func aPeerOfAnUnknownSessionReadsWhyItIsRefused() async throws {
        try await withServer { (server: TestServer) async throws in
            #expect(try await flood(server, newCallSid(), opening: [], userAgent: "plain") == 1008)
        }
    }

    @Test func aStreamThatIsThereIsNotTakenByAPeerThatKeepsSending() async throws {
        try await withServer { (server: TestServer) async throws in
            try await server.withLateSocket { first, late, lateOutbound, start in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await first.send(Wire.media())
                    group.addTask {
                        try await lateOutbound.send(start)
                        for _ in 0..<Self.frames where !Task.isCancelled { try? await lateOutbound.send(Wire.media()) }
                    }
                    let code = try await late.untilClosed().closeCode
                    #expect(code == 1008)
                    group.cancelAll()
                }
            }
        }
    }

    @Test func theReasonOfACloseReachesAPeerThatReadsLate() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            _ = try await server.openSession(callSid: callSid)
            try await RawConnection.lend(to: server) { connection, bytes in
                try await connection.send(Self.handshake(callSid))
                _ = try await bytes.until("\r\n\r\n")
                // More than the sockets' buffers hold, before a byte of the answer is read.
                let frame = Self.frame(Wire.media())
                try await connection.send([[UInt8]](repeating: frame, count: Self.frames).flatMap(\.self))
                let answer = await bytes.untilClosed()
                #expect(answer.contains("a message came before start"))
            }
        }
    }

    @Test func aPeerThatGoesWithoutAWordIsLostAtOnce() async throws {
        // Nothing but the end of its half of the connection tells.
        let patience = MediaStreamSocket.Patience(idle: .seconds(3_600), ping: .seconds(3_600))
        try await withServer(adjust: { $0.patience = patience }) { (server: TestServer) async throws in
            let callSid = newCallSid()
            let token = try await server.openSession(callSid: callSid)
            try await RawConnection.lend(to: server) { connection, bytes in
                try await connection.send(Self.handshake(callSid))
                _ = try await bytes.until("\r\n\r\n")
                try await connection.send(Self.frame(Wire.start(callSid: callSid, token: token)))
                _ = try await server.events(callSid: callSid, until: "voice.session.active")
                try await connection.endSending()
                let lost = try await server.events(callSid: callSid, until: "voice.session.interrupted").last
                #expect(lost?["reason"] as? String == "stream_lost")
            }
        }
    }

    private static func handshake(_ callSid: String) -> String {
        "GET /api/voice/twilio/stream/twilio-\(callSid) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    /// A text frame as a client sends it, masked with zeros.
    private static func frame(_ text: String) -> [UInt8] {
        let length = text.utf8.count
        let size: [UInt8] = length < 126 ? [0x80 | UInt8(length)] : [0xFE, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
        return [0x81] + size + [0, 0, 0, 0] + Array(text.utf8)
    }
}
