import Engines
import Logging
import Testing

@testable import VoiceServer

/// The original's audit lines, and that no caller can forge one.
@Suite struct AuditLineTests {
    @Test func theLinesAreTheOriginals() {
        #expect(
            AuditLine.sessionCreated(session: "twilio-CA123", call: "CA123", from: "+14155551234", to: "+14155555678").text
                == "AUDIT: voice.twilio.session.created session_id=twilio-CA123 call_sid=CA123 from=+14155551234 to=+14155555678 provider=twilio"
        )
        #expect(
            AuditLine.streamConnected(session: "twilio-CA123", call: "CA123").text
                == "AUDIT: voice.twilio.stream.connected session_id=twilio-CA123 call_sid=CA123 provider=twilio"
        )
        #expect(
            AuditLine.streamStarted(session: "twilio-CA123", stream: "MZ123", call: "CA123").text
                == "AUDIT: voice.twilio.stream.started session_id=twilio-CA123 stream_sid=MZ123 call_sid=CA123 provider=twilio"
        )
        #expect(
            AuditLine.transcript(session: "twilio-CA123", stream: "MZ123", transcript: "Hello", response: "You said: Hello").text
                == "AUDIT: voice.twilio.transcript session_id=twilio-CA123 stream_sid=MZ123 transcript='Hello' response='You said: Hello' provider=twilio"
        )
        #expect(
            AuditLine.streamStopped(session: "twilio-CA123", stream: "MZ123", reason: #"{"callSid":"CA123"}"#).text
                == #"AUDIT: voice.twilio.stream.stopped session_id=twilio-CA123 stream_sid=MZ123 reason={"callSid":"CA123"} provider=twilio"#
        )
    }

    @Test func inTheLogTheLineStandsBehindTheTimeAndTheLevel() {
        let text = AuditLine.streamConnected(session: "twilio-CA123", call: "CA123").text
        let line = "INFO: AUDIT: voice.twilio.stream.connected session_id=twilio-CA123 call_sid=CA123 provider=twilio"
        #expect(LineLogHandler.line(.info, text, [:], now: 1_769_850_300_000_123) == "2026-01-31T09:05:00.000123Z \(line)")
    }

    @Test func anotherEntryIsOneLineWithTheTimeAndItsFields() {
        let line = LineLogHandler.line(.warning, "A thing\nhappened", ["what": "two words", "count": "3"], now: 0)
        #expect(line == "1970-01-01T00:00:00.000000Z WARNING: A thing\\nhappened count=3 what='two words'")
    }

    @Test func asJSONEachEntryIsOneObjectOfALine() throws {
        let text = AuditLine.transcript(session: "s", stream: "MZ1", transcript: "He said \"no\"\n", response: "").text
        for (message, fields) in [("A thing\nhappened", ["what": "two \"words\"\u{1}", "message": "own"]), (text, [:])] as [(String, Logger.Metadata)]
        {
            let line = LineLogHandler.line(.warning, message, fields, format: .json, now: 0)
            #expect(line.split(whereSeparator: \.isNewline).count == 1)
            let object = try JSONValue(parsing: line)
            #expect(object["message"]?.string == message && object["level"]?.string == "warning")
            #expect(object["time"]?.string == "1970-01-01T00:00:00.000000Z")
            #expect(object["what"]?.string == fields["what"].map { "\($0)" } && object["field_message"]?.string == fields["message"].map { "\($0)" })
        }
    }

    @Test(arguments: ["a b", "x'y", "\"q\"", "line\nAUDIT: forged", "tab\there", "\u{2028}", "\u{1B}[31m", "", "a=b", "\\"])
    func aValueStaysOneFieldOfOneLine(value: String) {
        let line = AuditLine.sessionCreated(session: "s", call: "c", from: value, to: "+2").text
        #expect(line.split(whereSeparator: \.isNewline).count == 1)
        #expect(line.hasSuffix(" to=+2 provider=twilio"))
        let inside = line.dropFirst("AUDIT: voice.twilio.session.created session_id=s call_sid=c from=".count).dropLast(
            " to=+2 provider=twilio".count
        )
        #expect(inside.hasPrefix("'") && inside.hasSuffix("'"))
        #expect(!inside.contains("\u{1B}"))
    }
}
