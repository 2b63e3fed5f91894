import Testing

@testable import agentos

/// What a person who watches a call is told.
@Suite struct ServerEventTests {
    @Test(arguments: [
        (#"{"type":"voice.stt.partial","text":"what are"}"#, nil),
        (#"{"type":"voice.stt.dismissed","text":"mm-hm","reason":"backchannel"}"#, "passed over   mm-hm (backchannel)"),
        (#"{"type":"voice.stt.dismissed","text":"","reason":"no_words"}"#, "passed over   (no words)"),
        (#"{"type":"voice.assistant.paused","turn":1,"played_ms":300}"#, "agent waits"),
        (#"{"type":"voice.assistant.resumed","turn":1,"played_ms":300}"#, "agent goes on"),
        (#"{"type":"voice.dtmf.entered","digits":"42","turn":1}"#, "caller keyed  42"),
        (#"{"type":"voice.stt.final","text":"hello","turn":1}"#, "caller said   hello"),
    ])
    func eventsAreToldInAFewWordsOrNotAtAll(json: String, expected: String?) throws {
        let event = try #require(ServerEvent(json))
        // In a terminal the text has colours round it.
        let told = event.told?.replacing(#/\u{1B}\[[0-9]+m/#, with: "")
        #expect(told == expected)
    }
}
