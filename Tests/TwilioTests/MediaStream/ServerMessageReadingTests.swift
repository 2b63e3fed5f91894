import Testing
import Twilio

@Suite struct ServerMessageReadingTests {
    @Test func everyOrderOfMembersIsTaken() throws {
        for order in permutations([#""event":"media""#, #""streamSid":"MZ1""#, #""media":{"payload":"AAE="}"#]) {
            #expect(try decodeServer("{" + order.joined(separator: ",") + "}") == .media(payload: [0, 1], streamSid: "MZ1"))
        }
    }

    @Test func audioMayBeOfAnyLength() throws {
        let second = [UInt8](repeating: 0xFF, count: 1_000_000)
        #expect(try decodeServer(encode(.media(payload: second, streamSid: "MZ1"))) == .media(payload: second, streamSid: "MZ1"))
    }

    @Test(arguments: [
        #"{"event":"clear","streamSid":"MZ1","sequenceNumber":"1"}"#, #"{"event":"clear","streamSid":"MZ1","media":{"payload":""}}"#,
        #"{"event":"mark","streamSid":"MZ1","mark":{"name":"m","id":1}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":"","track":"outbound"}}"#,
        #"{"event":"media","streamSid":"MZ1","mark":{"name":"m"},"media":{"payload":""}}"#,
    ])
    func aFieldTooManyIsRefused(json: String) {
        #expect(serverFault(json) == .extraField)
    }

    @Test(arguments: [
        #"{"streamSid":"MZ1"}"#, #"{"event":"clear"}"#, #"{"event":"mark","streamSid":"MZ1"}"#, #"{"event":"mark","streamSid":"MZ1","mark":{}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{}}"#, #"{"event":"media","media":{"payload":""}}"#,
    ])
    func aFieldTooFewIsRefused(json: String) {
        #expect(serverFault(json) == .missingField)
    }

    @Test(arguments: [
        #"{"event":1,"streamSid":"MZ1"}"#, #"{"event":"clear","streamSid":5}"#, #"{"event":"mark","streamSid":"MZ1","mark":{"name":7}}"#,
        #"{"event":"mark","streamSid":"MZ1","mark":"m"}"#, #"{"event":"media","streamSid":"MZ1","media":{"payload":null}}"#,
        #"{"event":"media","streamSid":"MZ1","media":{"payload":12}}"#, "[]",
    ])
    func aFieldOfAnotherTypeIsRefused(json: String) {
        #expect(serverFault(json) == .wrongType)
    }

    @Test func otherFaultsAreToldApart() {
        #expect(serverFault(#"{"event":"hangup","streamSid":"MZ1"}"#) == .unknownEvent)
        #expect(serverFault(#"{"event":"media","streamSid":"MZ1","media":{"payload":"?"}}"#) == .badBase64)
        #expect(serverFault("clear") == .notJSON)
    }

    @Test func theMessageNamesTheFieldOnOneLine() {
        #expect(throws: MediaStreamError(.extraField, "clear has the extra field 'ab'")) {
            try decodeServer(#"{"event":"clear","streamSid":"MZ1","a\nb":1}"#)
        }
    }
}
