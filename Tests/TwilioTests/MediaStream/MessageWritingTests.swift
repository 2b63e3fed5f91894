import Foundation
import Testing
import Twilio

@Suite struct MessageWritingTests {
    @Test func twiliosNumbersAreStringsButForTheFormat() {
        let start = StreamStart(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1", customParameters: ["b": "2", "a": "\"1\""])
        #expect(
            encode(.start(start, sequenceNumber: 1))
                == #"{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],"#
                + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"a":"\"1\"","b":"2"}},"streamSid":"MZ1"}"#
        )
        let media = StreamMedia(chunk: 1, timestamp: 57, payload: [0xFF, 0xFF], streamSid: "MZ1")
        #expect(
            encode(.media(media, sequenceNumber: 2))
                == #"{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//8="},"streamSid":"MZ1"}"#
        )
        #expect(
            encode(.dtmf(digit: "1", streamSid: "MZ1", sequenceNumber: 5))
                == #"{"event":"dtmf","sequenceNumber":"5","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"1"}}"#
        )
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let hostile = "a\"\\/\u{0}\u{1F}\n\r\té😀\u{2028}</script>"
        let messages: [TwilioMessage] = [
            .connected(protocol: "Call", version: "1.0.0"),
            .start(
                StreamStart(
                    accountSid: "AC1",
                    callSid: "CA1",
                    streamSid: "MZ1",
                    tracks: ["inbound", hostile],
                    customParameters: [hostile: hostile, "": ""]
                ),
                sequenceNumber: 1
            ),
            .start(StreamStart(accountSid: "", callSid: "CA1", streamSid: "MZ1", tracks: []), sequenceNumber: nil),
            .media(StreamMedia(track: "outbound", chunk: nil, timestamp: nil, payload: [], streamSid: hostile), sequenceNumber: nil),
            .media(StreamMedia(chunk: 9, timestamp: 180, payload: Array(0...255), streamSid: "MZ1"), sequenceNumber: .max),
            .dtmf(digit: "*", streamSid: "MZ1", sequenceNumber: 3),
            .mark(name: hostile, streamSid: "MZ1", sequenceNumber: 4),
            .stop(StreamStop(accountSid: "AC1", callSid: "CA1", streamSid: "MZ1"), sequenceNumber: 5),
            .unknown(event: "something \"new\""),
        ]
        for message in messages {
            #expect(try decode(encode(message)) == message)
            #expect(try JSONSerialization.jsonObject(with: Data(encode(message).utf8)) is [String: Any])
        }
    }

    @Test func whatTheServerWritesTwilioTakes() throws {
        for message: ServerMessage in [
            .media(payload: Array(0...255), streamSid: "MZ1"), .media(payload: [], streamSid: "MZ1"),
            .mark(name: "answer \"1\"\n\u{7}", streamSid: "MZ1"), .clear(streamSid: "MZ1"),
        ] {
            #expect(try decodeServer(encode(message)) == message)
        }
        #expect(encode(ServerMessage.clear(streamSid: "MZ1")) == #"{"event":"clear","streamSid":"MZ1"}"#)
        #expect(encode(ServerMessage.mark(name: "m", streamSid: "MZ1")) == #"{"event":"mark","streamSid":"MZ1","mark":{"name":"m"}}"#)
    }

    @Test func messagesAreAppendedToWhatIsThere() {
        var json = Array("x".utf8)
        MediaStreamCoding.encode(ServerMessage.clear(streamSid: "MZ1"), into: &json)
        MediaStreamCoding.encode(ServerMessage.media(payload: [0], streamSid: "MZ1"), into: &json)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"x{"event":"clear","streamSid":"MZ1"}{"event":"media","streamSid":"MZ1","media":{"payload":"AA=="}}"#
        )
    }
}
