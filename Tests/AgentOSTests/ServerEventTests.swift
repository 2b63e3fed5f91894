import Testing

@testable import agentos

/// What a person who watches a call is told.
@Suite struct ServerEventTests {
    private static let told: [(String, CallRow?)] = [
        (#"{"type":"voice.stt.partial","text":"what are"}"#, nil),
        (#"{"type":"voice.stt.dismissed","text":"mm-hm","reason":"backchannel"}"#, CallRow("passed over", "mm-hm (backchannel)")),
        (#"{"type":"voice.stt.dismissed","text":"","reason":"no_words"}"#, CallRow("passed over", "(no words)")),
        (#"{"type":"voice.assistant.resumed","turn":1,"played_ms":300}"#, CallRow("agent goes on")),
        (#"{"type":"voice.barge_in","turn":1,"played_ms":1250}"#, CallRow("interrupted", "after 1.25 s of the answer", .notice)),
        (#"{"type":"voice.assistant.heard","turn":1,"text":"You said","complete":false}"#, CallRow("caller heard", "You said", .notice)),
        (#"{"type":"voice.assistant.heard","turn":1,"text":"","complete":false}"#, CallRow("caller heard", "nothing of it", .notice)),
        (#"{"type":"voice.assistant.heard","turn":1,"text":"You said","complete":true}"#, nil),
        (#"{"type":"voice.dtmf.entered","digits":"42","turn":1}"#, CallRow("caller keyed", "42", .caller)),
        (#"{"type":"voice.stt.final","text":"hello","turn":1}"#, CallRow("caller said", "hello", .caller)),
        (#"{"type":"voice.session.interrupted","reason":"server_lost"}"#, CallRow("line lost", "server lost", .notice)),
    ]

    @Test(arguments: told)
    func eventsAreToldInAFewWordsOrNotAtAll(json: String, expected: CallRow?) throws {
        #expect(try #require(ServerEvent(json)).row == expected)
    }

    @Test func whatIsLongIsBrokenBetweenWordsAndIndented() {
        let text = Array(repeating: "seventeen letters", count: 8).joined(separator: " ")
        let lines = CallRow("agent says", text, .agent).lines(atMs: 12_346).map { $0.replacing(#/\u{1B}\[[0-9]+m/#, with: "") }
        #expect(lines.first?.hasPrefix("  12.35  agent says     seventeen letters") == true, "\(lines)")
        #expect(lines.allSatisfy { $0.count <= 80 } && lines.count == 3, "\(lines)")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(String(repeating: " ", count: 24) + "seventeen") || $0.contains(" letters") })
        #expect(CallRow.wrapped(String(repeating: "x", count: 25), to: 10).map(\.count) == [10, 10, 5])
        #expect(CallRow.wrapped("", to: 10).isEmpty)
        #expect(CallRow.seconds(0) == "0.00" && CallRow.seconds(61_005) == "61.01")
    }
}
