import Foundation
import Twilio

extension FuzzTarget {
    /// Messages from Twilio: only whole JSON texts are accepted, and what was read can be said again.
    static let mediaMessage = FuzzTarget(
        name: "media-message",
        seeds: [
            json(.connected(protocol: "Call", version: "1.0.0")),
            json(
                .start(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", customParameters: ["a": "é\"\n😀"]), sequenceNumber: 1)
            ),
            json(.media(StreamMedia(chunk: 1, timestamp: 57, payload: Array(0..<40), streamSid: "MZ1"), sequenceNumber: 2)),
            json(.mark(name: "a\\b", streamSid: "MZ1", sequenceNumber: 3)),
            json(.stop(StreamStop(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 4)),
            Array(##"{"event":"mark","streamSid":"MZ1","mark":{"name":"\ud800","\udefe":"\ud83d\ude00"}}"##.utf8),
            Array(##"{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"#"}}"##.utf8),
        ],
        alphabet: #"{}[]",:\u0aDd8=-+.e"#
    ) { bytes in
        guard let message = try? MediaStreamCoding.decodeTwilioMessage(bytes) else { return }
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(withoutSurrogates(bytes)))) != nil
        try BrokenPromise.unless(isJSON, "what is not JSON was read as \(message)")
        let again = try? MediaStreamCoding.decodeTwilioMessage(json(message))
        try BrokenPromise.unless(again == message, "\(message) was said again as \(String(describing: again))")
    }

    /// Messages from the server, as the twin reads them.
    static let serverMessage = FuzzTarget(
        name: "server-message",
        seeds: [
            json(.media(payload: Array(0..<40), streamSid: "MZ1")), json(.mark(name: "a\"", streamSid: "MZ1")), json(.clear(streamSid: "MZ1")),
        ],
        alphabet: #"{}[]",:\u0aDd8="#
    ) { bytes in
        guard let message = try? MediaStreamCoding.decodeServerMessage(bytes) else { return }
        let again = try? MediaStreamCoding.decodeServerMessage(json(message))
        try BrokenPromise.unless(again == message, "\(message) was said again as \(String(describing: again))")
    }

    /// The bytes with other escapes in place of surrogates': RFC 8259 allows one alone, and Foundation does not.
    private static func withoutSurrogates(_ bytes: [UInt8]) -> [UInt8] {
        var plain = bytes
        for index in bytes.indices.dropFirst(2) where bytes[index - 2] == UInt8(ascii: "\\") && bytes[index - 1] == UInt8(ascii: "u") {
            if bytes[index] | 0x20 == UInt8(ascii: "d") { plain[index] = UInt8(ascii: "0") }
        }
        return plain
    }

    private static func json(_ message: TwilioMessage) -> [UInt8] {
        var json: [UInt8] = []
        MediaStreamCoding.encode(message, into: &json)
        return json
    }

    private static func json(_ message: ServerMessage) -> [UInt8] {
        var json: [UInt8] = []
        MediaStreamCoding.encode(message, into: &json)
        return json
    }
}
