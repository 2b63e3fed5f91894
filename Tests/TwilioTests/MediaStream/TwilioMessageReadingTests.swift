import Testing
import Twilio

@Suite struct TwilioMessageReadingTests {
    private let media = TwilioMessage.media(
        StreamMedia(chunk: 1, timestamp: 57, payload: [0xFF, 0x7F, 0x00, 0x80], streamSid: "MZ1"),
        sequenceNumber: 2
    )

    @Test func connectedSaysProtocolAndVersion() throws {
        #expect(try decode(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#) == .connected(protocol: "Call", version: "1.0.0"))
    }

    @Test func startCarriesEverythingOnceItsFieldsAreRead() throws {
        let json = """
            {"event":"start","sequenceNumber":"1","start":{"accountSid":"AC9","streamSid":"MZ1","callSid":"CA1","tracks":["inbound","outbound"],
             "mediaFormat":{"encoding":"audio/l16","sampleRate":16000,"channels":2},"customParameters":{"token":"a b","n":7}},"streamSid":"MZ1"}
            """
        let start = StreamStart(
            accountSid: "AC9",
            callSid: "CA1",
            streamSid: "MZ1",
            tracks: ["inbound", "outbound"],
            encoding: "audio/l16",
            sampleRate: 16000,
            channels: 2,
            customParameters: ["token": "a b", "n": "7"]
        )
        #expect(try decode(json) == .start(start, sequenceNumber: 1))
    }

    @Test func mediaReadsTheSameInEveryOrderOfMembers() throws {
        let inner = [#""track":"inbound""#, #""chunk":"1""#, #""timestamp":"57""#, #""payload":"/38AgA==""#]
        for innerOrder in permutations(inner) {
            let body = #""media":{"# + innerOrder.joined(separator: ",") + "}"
            for order in permutations([#""event":"media""#, #""sequenceNumber":"2""#, #""streamSid":"MZ1""#, body]) {
                #expect(try decode("{" + order.joined(separator: ",") + "}") == media)
            }
        }
    }

    @Test func startReadsTheSameInEveryOrderOfMembers() throws {
        let inner = [#""accountSid":"AC1""#, #""streamSid":"MZ1""#, #""callSid":"CA1""#, #""tracks":["inbound"]"#, #""customParameters":{}"#]
        let expected = TwilioMessage.start(StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 1)
        for order in permutations(inner) {
            let body = #""start":{"# + order.joined(separator: " , ") + "}"
            #expect(try decode("{\(body),\"event\":\"start\",\"sequenceNumber\":\"1\"}") == expected)
            #expect(try decode("{\"sequenceNumber\":\"1\",\"event\":\"start\",\(body)}") == expected)
        }
    }

    @Test func keysMarksAndStopsAreRead() throws {
        let dtmf = ##"{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"#"}}"##
        #expect(try decode(dtmf) == .dtmf(digit: "#", streamSid: "MZ1", sequenceNumber: 5))
        let mark = #"{"event":"mark","sequenceNumber":"4","streamSid":"MZ1","mark":{"name":"a \"b\""}}"#
        #expect(try decode(mark) == .mark(name: "a \"b\"", streamSid: "MZ1", sequenceNumber: 4))
        let stop = #"{"event":"stop","sequenceNumber":"50","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}"#
        #expect(try decode(stop) == .stop(StreamStop(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 50))
    }

    @Test func aBareStopStillStops() throws {
        #expect(try decode(#"{"event":"stop"}"#) == .stop(StreamStop(accountSid: "", callSid: "", streamSid: ""), sequenceNumber: nil))
    }

    @Test func unknownFieldsAndEventsAreNoError() throws {
        let json =
            #"{"new":{"a":[1,{"b":null},-2.5e3,"]"],"c":{}},"event":"media","sequenceNumber":"2","streamSid":"MZ1","#
            + #""media":{"x":[[],{}],"track":"inbound","chunk":"1","timestamp":"57","payload":"/38AgA==","y":false},"z":true}"#
        #expect(try decode(json) == media)
        #expect(try decode(#"{"event":"transcription","text":"hi"}"#) == .unknown(event: "transcription"))
    }

    @Test func numbersServeForStringsAndStringsForNumbers() throws {
        let json = #"{"event":"media","sequenceNumber":2,"streamSid":"MZ1","media":{"chunk":1,"timestamp":57.0,"payload":"/38AgA"}}"#
        #expect(try decode(json) == media)
        let start =
            #"{"event":"start","start":{"callSid":"CA1","streamSid":17,"mediaFormat":{"sampleRate":"8000","channels":"1"},"tracks":["inbound"]}}"#
        #expect(try decode(start) == .start(StreamStart(accountSid: "", callSid: "CA1", streamSid: "17"), sequenceNumber: nil))
    }

    @Test(
        "an unreadable sequence number is nil",
        arguments: [
            #""""#, #""x""#, #""1x""#, #"" 1""#, #""-""#, "null", "true", "[1]", "{}", "1.5", "1e400", "9223372036854775808",
            #""99999999999999999999""#,
        ]
    )
    func unreadableNumbersAreNil(value: String) throws {
        let json =
            #"{"event":"media","sequenceNumber":\#(value),"streamSid":"MZ1","media":{"chunk":\#(value),"timestamp":\#(value),"payload":"/38AgA=="}}"#
        let expected = StreamMedia(chunk: nil, timestamp: nil, payload: [0xFF, 0x7F, 0x00, 0x80], streamSid: "MZ1")
        #expect(try decode(json) == .media(expected, sequenceNumber: nil))
    }

    @Test(arguments: [(#""2147483648""#, 2_147_483_648), ("9223372036854775807", Int.max), (#""-9223372036854775808""#, Int.min), ("1e3", 1000)])
    func largeNumbersSurvive(value: String, expected: Int) throws {
        #expect(
            try decode(#"{"event":"mark","sequenceNumber":\#(value),"mark":{"name":"m"}}"#)
                == .mark(name: "m", streamSid: "", sequenceNumber: expected)
        )
    }

    @Test func ofRepeatedMembersTheLastCounts() throws {
        let json = #"{"event":"stop","event":"mark","mark":{"name":"no"},"streamSid":"MZ0","mark":{"name":"a","name":"b"},"streamSid":"MZ1"}"#
        #expect(try decode(json) == .mark(name: "b", streamSid: "MZ1", sequenceNumber: nil))
    }

    @Test func escapedNamesAndTextAreUnderstood() throws {
        let json = #"{"\u0065vent":"m\u0061rk","mark":{"na\u006De":"\u00e9\ud83d\ude00\n\/\\\"\t\b\f\r"},"streamSid":"MZ\u0031"}"#
        #expect(try decode(json) == .mark(name: "é😀\n/\\\"\t\u{8}\u{C}\r", streamSid: "MZ1", sequenceNumber: nil))
    }

    @Test(arguments: [#"\ud800"#, #"\udc00"#, #"\ud800x"#, #"\ud800\n"#, #"\ud800\u0041"#])
    func aLoneSurrogateBecomesTheReplacementCharacter(escape: String) throws {
        guard case .mark(let name, _, _) = try decode(#"{"event":"mark","mark":{"name":"\#(escape)"}}"#) else {
            Issue.record("not a mark")
            return
        }
        #expect(name.unicodeScalars.first == "\u{FFFD}")
    }

    @Test func payloadsMayEscapeTheirSlashes() throws {
        #expect(try payload(#""\/38AgA==""#) == [0xFF, 0x7F, 0x00, 0x80])
    }

    @Test func bytesNeedNotLieTogether() throws {
        let json = Array(encode(media).utf8)
        #expect(try MediaStreamCoding.decodeTwilioMessage(json.lazy.map { $0 }) == media)
        #expect(try MediaStreamCoding.decodeTwilioMessage(json.span) == media)
    }
}
