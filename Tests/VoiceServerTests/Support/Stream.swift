import Audio
import Foundation
import TestSupport
import Twilio
import TwilioTwin

/// Messages of a media stream, as text, for tests that play a peer who keeps no rules.
enum Wire {
    static let streamSid = "MZ00000000000000000000000000000001"

    static func start(callSid: String, token: String?) -> String {
        let parameters = token.map { ["token": $0] } ?? [:]
        return text(.start(StreamStart(accountSid: "AC1", callSid: callSid, streamSid: streamSid, customParameters: parameters), sequenceNumber: 1))
    }

    static func media(_ payload: [UInt8] = [UInt8](repeating: 0xFF, count: 160), number: Int = 2) -> String {
        let frame = StreamMedia(chunk: number - 1, timestamp: (number - 2) * 20, payload: payload, streamSid: streamSid)
        return text(.media(frame, sequenceNumber: number))
    }

    static func stop(callSid: String) -> String {
        text(.stop(StreamStop(accountSid: "AC1", callSid: callSid, streamSid: streamSid), sequenceNumber: 99))
    }

    private static func text(_ message: TwilioMessage) -> String {
        var json: [UInt8] = []
        MediaStreamCoding.encode(message, into: &json)
        return String(decoding: json, as: UTF8.self)
    }
}

extension MediaSocketOutbound {
    /// Sends a text message.
    func send(_ text: String) async throws { try await self.text(Array(text.utf8)) }
}

extension MediaSocketInbound {
    /// Everything up to and including the close; texts parsed as JSON.
    func untilClosed() async throws -> (messages: [String], closeCode: Int?) {
        try await waiting(for: "the server closes the media socket") {
            var messages: [String] = []
            for try await message in self {
                switch message {
                case .text(let bytes): messages.append(String(decoding: bytes, as: UTF8.self))
                case .closed(let code): return (messages, code)
                case .binary: break
                }
            }
            return (messages, nil)
        }
    }
}

/// Words that take half a minute to say, so that there is time to interrupt them.
let longGreeting = String(repeating: "This is a greeting that goes on and on. ", count: 12).trimmingCharacters(in: .whitespaces)

/// Recorded speech that comes with the product.
func sample(_ name: String) throws -> [Int16] {
    try WAVFile.read(path: "Samples/\(name).wav").mono(at: 8000)
}
