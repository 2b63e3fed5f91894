import Foundation
import TestSupport
import Testing
import Twilio

@Suite struct MalformedMessageTests {
    @Test(arguments: [
        "", " ", "{", "}", "{}x", "hello", "{\"event\"}", "{\"event\":}", "{\"event\":\"stop\",}", "{,\"event\":\"stop\"}", "{\"event\":\"stop\"",
        "{event:\"stop\"}", "{'event':'stop'}", "{\"event\":\"st\nop\"}", "{\"event\":\"\\x\"}", "{\"event\":\"\\u12g4\"}", "{\"event\":\"stop",
        "{\"event\":\"stop\\", "{\"event\":\"stop\" \"a\":1}", "{\"a\":01,\"event\":\"stop\"}", "{\"a\":+1}", "{\"a\":1.}", "{\"a\":.5}",
        "{\"a\":1e}", "{\"a\":-}", "{\"a\":tru}", "{\"a\":nulL}", "{\"a\":NaN}", "{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":[}", "{\"a\":{]}",
        "{\"a\":{\"b\":1,}}", "{\"a\":{1:2}}", "{\"event\":\"stop\"}{}", "\u{FEFF}{}", "{\"a\":\u{0}}", "[1", "{\"a\":1}}",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(fault(text) == .notJSON)
    }

    @Test func theOffsetOfTheFaultIsNamed() {
        #expect(throws: MediaStreamError(.notJSON, "not JSON: unexpected byte at offset 9")) { try decode(#"{"event":!}"#) }
    }

    @Test(arguments: ["[]", "1", "null", "\"event\"", " [ {} , [] ] "])
    func whatIsNoObjectIsOfTheWrongType(text: String) {
        #expect(fault(text) == .wrongType)
    }

    @Test func tenThousandLevelsAreTooDeepAndCostNoStack() {
        let levels = 10_000
        #expect(fault(String(repeating: "[", count: levels) + String(repeating: "]", count: levels)) == .tooDeep)
        #expect(
            fault(#"{"event":"stop","x":"# + String(repeating: #"{"a":"#, count: levels) + "1" + String(repeating: "}", count: levels + 1))
                == .tooDeep
        )
    }

    @Test func thirtyTwoLevelsAreReadAndOneMoreIsNot() {
        let nested = { (levels: Int) in
            #"{"event":"stop","x":"# + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
        }
        #expect(fault(nested(32)) == nil)
        #expect(fault(nested(33)) == .tooDeep)
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80]] as [[UInt8]])
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        #expect(fault(Array(#"{"event":"mark","mark":{"name":""#.utf8) + bytes + Array(#""}}"#.utf8)) == .notUTF8)
        #expect(fault(bytes) == .notUTF8)
    }

    @Test(arguments: [
        "{}", #"{"event":null}"#, #"{"event":"media"}"#, #"{"event":"media","media":null}"#, #"{"event":"media","media":{}}"#,
        #"{"event":"media","media":{"payload":null}}"#, #"{"event":"start"}"#, #"{"event":"start","start":{"streamSid":"MZ1"}}"#,
        #"{"event":"start","start":{"callSid":"CA1"}}"#, #"{"event":"start","start":{"callSid":"","streamSid":"MZ1"}}"#,
        #"{"event":"dtmf","dtmf":{}}"#, #"{"event":"mark"}"#, #"{"event":"mark","mark":{}}"#,
    ])
    func whatDecidesTheMeaningMustBeThere(text: String) {
        #expect(fault(text) == .missingField)
    }

    @Test(arguments: [
        #"{"event":[]}"#, #"{"event":"media","media":"x"}"#, #"{"event":"media","media":{"payload":["/w=="]}}"#,
        #"{"event":"start","start":{"streamSid":"MZ1","callSid":{}}}"#, #"{"event":"dtmf","dtmf":{"digit":true}}"#, #"{"event":"mark","mark":[]}"#,
    ])
    func whatDecidesTheMeaningMustBeOfItsType(text: String) {
        #expect(fault(text) == .wrongType)
    }

    @Test(arguments: ["A", "AA=A", "AAAA=", "AAAAA", "====", "AA===", "A===", "AA-_", "AA A", "AA\\n", "=AAA", "AAAé", "AA==AA=="])
    func whatIsNotBase64IsRefused(text: String) {
        #expect(throws: MediaStreamError.self) { try payload("\"\(text)\"") }
        #expect(fault(#"{"event":"media","media":{"payload":"\#(text)"}}"#) == .badBase64)
    }

    @Test func anEmptyPayloadIsSilenceOfNoLength() throws {
        #expect(try payload(#""""#) == [])
    }

    @Test(arguments: 0..<70)
    func payloadsOfEveryLengthAgreeWithFoundation(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Data(bytes).base64EncodedString()
        #expect(try payload("\"\(text)\"") == bytes)
        #expect(try payload("\"\(text.filter { $0 != "=" })\"") == bytes)
        #expect(encode(.media(payload: bytes, streamSid: "MZ1")) == #"{"event":"media","streamSid":"MZ1","media":{"payload":"\#(text)"}}"#)
    }

    @Test func sixtyFourKibibytesAreReadAndOneByteMoreIsNot() throws {
        let limit = MediaStreamCoding.maximumPayload
        let json = { (count: Int) in encode(.media(payload: [UInt8](repeating: 0xFF, count: count), streamSid: "MZ1")) }
        guard case .media(let media, _) = try decode(json(limit)) else {
            Issue.record("not media")
            return
        }
        #expect(media.payload.count == limit)
        #expect(fault(json(limit + 1)) == .payloadTooLarge)
        #expect(fault(json(1_000_000)) == .payloadTooLarge)
    }
}
