import Foundation
import TestSupport
import Testing
import Twilio

/// Thousands of damaged inputs: none may end the process, and what is still accepted must make sense.
@Suite struct MutationTests {
    @Test(arguments: 0..<20)
    func damagedMessagesAreReadOrRefused(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let whole: [TwilioMessage] = [
            .connected(protocol: "Call", version: "1.0.0"),
            .start(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", customParameters: ["a": "é\"\n😀"]), sequenceNumber: 1),
            .media(StreamMedia(chunk: 1, timestamp: 57, payload: Array(0..<40), streamSid: "MZ1"), sequenceNumber: 2),
            .mark(name: "a\\b", streamSid: "MZ1", sequenceNumber: 3),
        ]
        for round in 0..<1_000 {
            let json = random.mutate(Array(encode(whole[round % whole.count]).utf8), alphabet: #"{}[]",:\u0aDd8=-+.e"#)
            _ = fault(json)
            guard let message = try? MediaStreamCoding.decodeTwilioMessage(json) else { continue }
            // Only a whole JSON text is ever accepted, and what was read can be said again.
            #expect((try? JSONSerialization.jsonObject(with: Data(json))) != nil, "\(String(decoding: json, as: UTF8.self))")
            #expect((try? decode(encode(message))) == message)
        }
    }

    @Test(arguments: 0..<10)
    func damagedServerMessagesAreReadOrRefused(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let whole: [ServerMessage] = [
            .media(payload: Array(0..<40), streamSid: "MZ1"), .mark(name: "a\"", streamSid: "MZ1"), .clear(streamSid: "MZ1"),
        ]
        for round in 0..<1_000 {
            let json = random.mutate(Array(encode(whole[round % whole.count]).utf8), alphabet: #"{}[]",:\u0aDd8="#)
            guard let message = try? MediaStreamCoding.decodeServerMessage(json) else { continue }
            #expect((try? decodeServer(encode(message))) == message)
        }
    }

    @Test(arguments: 0..<10)
    func noiseIsNoMessage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0..<64, using: &random)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(fault(noise) != nil)
        }
    }

    @Test(arguments: 0..<10)
    func damagedFormsAreStillForms(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let form = WebhookParameters([.init("CallSid", "CA1"), .init("From", "+1415"), .init("To", "client:zoë"), .init("City", "SAN FRANCISCO")])
        for _ in 0..<1_000 {
            let parsed = WebhookParameters(formEncoded: random.mutate(Array(form.formEncoded.utf8), alphabet: "%&=+0fF"))
            #expect(WebhookParameters(formEncoded: parsed.formEncoded.utf8) == parsed)
            #expect(parsed.pairs.allSatisfy { !$0.name.isEmpty })
            _ = try? InboundCallRequest(parsed)
        }
    }

    @Test(arguments: 0..<10)
    func damagedDocumentsAreReadOrRefused(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let document = TwiML([
            .say("a & b", voice: "alice"), .connect(.init(url: "wss://h/s", parameters: [.init("a", "b")])), .pause(seconds: 2),
            .redirect(url: "/x", method: "POST"), .hangup,
        ])
        for _ in 0..<300 {
            let xml = String(decoding: random.mutate(Array(document.xml.utf8), alphabet: "<>/&;\"'= ?!-[]"), as: UTF8.self)
            guard let parsed = try? TwiML(parsing: xml) else { continue }
            #expect((try? TwiML(parsing: parsed.xml)) == parsed)
        }
    }
}
