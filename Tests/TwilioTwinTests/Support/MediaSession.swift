import Foundation
import NIOCore
import NIOWebSocket

/// The server's end of a media socket, for sessions written in a few lines.
enum MediaSession {
    /// Sends back each of the caller's first `frames` frames of speech, then a mark; ends when the caller does.
    static func echo(_ inbound: TinyServer.Inbound, _ outbound: TinyServer.Outbound) async throws {
        for try await frame in inbound {
            if frame.opcode == .connectionClose { return }
            guard let message = Message(frame) else { continue }
            switch message.event {
            case "media":
                try await send(["event": "media", "streamSid": message.streamSid, "media": ["payload": message.payload]], to: outbound)
            case "start":
                try await send(["event": "mark", "streamSid": message.streamSid, "mark": ["name": "hello"]], to: outbound)
            case "stop":
                return try await close(outbound)
            default:
                break
            }
        }
    }

    /// Sends a close frame with code 1000.
    static func close(_ outbound: TinyServer.Outbound) async throws {
        try await outbound.write(.init(fin: true, opcode: .connectionClose, data: ByteBuffer(bytes: [0x03, 0xE8])))
    }

    /// Sends an object as a text frame.
    static func send(_ object: [String: Any], to outbound: TinyServer.Outbound) async throws {
        let json = try JSONSerialization.data(withJSONObject: object)
        try await outbound.write(.init(fin: true, opcode: .text, data: ByteBuffer(bytes: json)))
    }

    /// The parts of Twilio's message these sessions look at.
    struct Message {
        var event: String
        var streamSid: String
        var payload: String
        var parameters: [String: String]

        init?(_ frame: WebSocketFrame) {
            guard let object = try? JSONSerialization.jsonObject(with: Data(frame.unmaskedData.readableBytesView)) as? [String: Any],
                let event = object["event"] as? String
            else { return nil }
            self.event = event
            streamSid = object["streamSid"] as? String ?? ""
            payload = (object["media"] as? [String: Any])?["payload"] as? String ?? ""
            parameters = (object["start"] as? [String: Any])?["customParameters"] as? [String: String] ?? [:]
        }
    }
}
