import Conversation
import Testing

@testable import VoiceServer

/// A session's record survives the way through Redis, also from another version.
@Suite struct SharedRecordTests {
    @Test func whatIsWrittenIsRead() throws {
        var record = SessionRecord(id: "s", callID: "CA1", from: "+1 \"x\"", to: "sip:ä", sttProvider: "scripted", createdAt: 1_700_000_000_123_456)
        #expect(try SharedRecord.record(SharedRecord.text(record)) == record)
        record.state = .stopped
        record.streamID = "MZ1"
        record.stoppedAt = 2
        record.stopReason = "over"
        record.streamCount = 3
        record.lastSeq = 99
        #expect(try SharedRecord.record(SharedRecord.text(record)) == record)
    }

    @Test func columnsOfAnotherVersionAreDefaultsOrLeftOut() throws {
        let record = try SharedRecord.record(#"{"id":"s","created_at":5,"state":7,"stream_count":null,"colour":"red"}"#)
        #expect(record.id == "s" && record.createdAt == 5 && record.state == .created && record.streamCount == 0)
        #expect(throws: (any Error).self) { try SharedRecord.record("[]") }
        #expect(throws: (any Error).self) { try SharedRecord.record(#"{"id":[]}"#) }
    }

    @Test func anEventTellsWhatItIs() throws {
        let json = try EventJSON.encode(.call(.digit("1")), session: madeUpSession("s"), seq: 4, at: 0)
        #expect(try StoredEvent(sharedJSON: json, position: 8) == StoredEvent(position: 8, session: "s", seq: 4, type: "voice.dtmf", json: json))
        #expect(throws: (any Error).self) { try StoredEvent(sharedJSON: "{}") }
    }

    @Test func messagesAreReadAsTheyWereWritten() throws {
        let message = FleetMessage(id: "1", from: "a", kind: .end, session: "s", reason: "why")
        #expect(FleetMessage(text: try message.text()) == message)
        #expect(FleetMessage(text: "{}") == nil)
    }
}
