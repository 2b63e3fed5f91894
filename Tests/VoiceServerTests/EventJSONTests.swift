import Conversation
import Foundation
import Testing

@testable import VoiceServer

/// What the outside is told of a call's events.
@Suite struct EventJSONTests {
    private func fields(_ event: CallEvent) throws -> [String: Any] {
        let session = SessionRecord(id: "s", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)
        let json = try EventJSON.encode(.call(event), session: session, seq: 7, at: 0)
        return try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
    }

    @Test(arguments: DismissalReason.allCases) func anUtteranceThatIsNoTurnSaysWhy(_ reason: DismissalReason) throws {
        let event = try fields(.dismissed(text: "mm-hm", audioMs: 1200, reason: reason))
        #expect(event["type"] as? String == "voice.stt.dismissed")
        #expect(event["text"] as? String == "mm-hm" && event["audio_ms"] as? Int == 1200)
        #expect(event["reason"] as? String == reason.rawValue)
    }

    @Test func anAnswerThatWaitsAndGoesOnSaysWhere() throws {
        let paused = try fields(.assistantPaused(turn: 3, playedMs: 840))
        #expect(paused["type"] as? String == "voice.assistant.paused")
        #expect(paused["turn"] as? Int == 3 && paused["played_ms"] as? Int == 840)
        let resumed = try fields(.assistantResumed(turn: 3, fromMs: 700))
        #expect(resumed["type"] as? String == "voice.assistant.resumed")
        #expect(resumed["turn"] as? Int == 3 && resumed["played_ms"] as? Int == 700)
    }

    @Test func keyedDigitsAreToldAsATurn() throws {
        let event = try fields(.keyed(digits: "42#", turn: 2))
        #expect(event["type"] as? String == "voice.dtmf.entered")
        #expect(event["digits"] as? String == "42#" && event["turn"] as? Int == 2)
    }

    @Test func whatReachedTheEarIsToldWhereItIsKnown() throws {
        var metrics = TurnMetrics(turn: 1, endpointMs: 400, sttMs: 50, chatFirstTokenMs: 10, ttsFirstAudioMs: 40)
        let unknown = try fields(.turnMetrics(metrics))
        #expect(unknown["response"] as? Int == 500)
        #expect(unknown["wire"] == nil && unknown["at_ear"] == nil)
        metrics.wireMs = 60
        let known = try fields(.turnMetrics(metrics))
        #expect(known["wire"] as? Int == 60 && known["at_ear"] as? Int == 560 && known["response"] as? Int == 500)
    }
}
