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
            Array(##"{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"#"}}"##.utf8),
        ],
        alphabet: #"{}[]",:\u0aDd8=-+.e"#
    ) { bytes in
        guard let message = try? MediaStreamCoding.decodeTwilioMessage(bytes) else { return }
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
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
