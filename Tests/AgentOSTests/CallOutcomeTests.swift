import Foundation
import Testing
import Twilio

@testable import TwilioTwin
@testable import agentos

/// Which utterances of a simulated call were answered.
@Suite struct CallOutcomeTests {
    private func turn(_ label: String, heard: Int? = 500, isSaidAgain: Bool = false) -> TwinTurn {
        var turn = TwinTurn(label: label, startedMs: 0)
        turn.responseMs = heard
        turn.isSaidAgain = isSaidAgain
        return turn
    }

    private func report(_ turns: [TwinTurn], ending: CallEnding = .callerHungUp, isTwoWay: Bool = true) -> TwinCallReport {
        var report = TwinCallReport(callSid: "CA1")
        report.turns = turns
        report.ending = ending
        let stream = TwiML.Stream(url: "wss://example.com")
        report.verbs = [isTwoWay ? .connect(stream) : .start(stream)]
        return report
    }

    /// A call in which the server tells this much of each clip that begins.
    private func outcome(_ utterances: [String], told: [[String]]) throws -> CallOutcome {
        var outcome = CallOutcome(utterances: utterances)
        for events in told {
            outcome.take(.callerSpeaks(label: "any"))
            for json in events { outcome.take(try #require(ServerEvent(json))) }
        }
        return outcome
    }

    private func final(_ turn: Int) -> String { #"{"type":"voice.stt.final","turn":\#(turn),"text":"x"}"# }
    private func answer(_ turn: Int) -> String { #"{"type":"voice.assistant.text","turn":\#(turn),"text":"x"}"# }

    @Test func withoutEventsTheCallersEarDecides() throws {
        let outcome = try outcome(["one", "two"], told: [[], []])
        #expect(outcome.unanswered(in: report([turn("one"), turn("two")])).isEmpty)
        let missing = outcome.unanswered(in: report([turn("one"), turn("two", heard: nil)]))
        #expect(missing == [.init(number: 2, label: "two", reason: "the caller heard no answer")])
    }

    @Test func anIdlePromptIsNoAnswer() throws {
        let outcome = try outcome(["one", "two"], told: [[final(1), answer(1)], [answer(2)]])
        let missing = outcome.unanswered(in: report([turn("one"), turn("two", heard: 9000)]))
        #expect(missing == [.init(number: 2, label: "two", reason: "the server recognised no words")])
    }

    @Test func anAnswerThatWasMadeMustAlsoBeHeard() throws {
        let outcome = try outcome(["one"], told: [[final(1), answer(1)]])
        #expect(outcome.unanswered(in: report([turn("one", heard: nil)])).map(\.reason) == ["the caller heard no answer"])
        #expect(outcome.unanswered(in: report([turn("one", heard: nil)], isTwoWay: false)).isEmpty, "on a one-way stream nothing can be heard")
        let unmade = try self.outcome(["one"], told: [[final(1)]])
        #expect(unmade.unanswered(in: report([turn("one")])).map(\.reason) == ["the server made no answer"])
    }

    @Test func wordsThatAreSaidAgainAfterALostLineCountOnce() throws {
        let outcome = try outcome(["one", "two"], told: [[final(1), answer(1)], [final(3), answer(3)], [final(4), answer(4)]])
        let turns = [turn("one", heard: nil, isSaidAgain: true), turn("one"), turn("two")]
        #expect(outcome.unanswered(in: report(turns)).isEmpty)
        let lost = outcome.unanswered(in: report([turn("one", heard: nil, isSaidAgain: true)], ending: .failed))
        #expect(lost.map(\.number) == [1, 2])
    }

    @Test func whatTheCallerNeverGotToSayHadNoAnswer() throws {
        let outcome = try outcome(["one", "two"], told: [[final(1), answer(1)]])
        let missing = outcome.unanswered(in: report([turn("one")], ending: .hangup))
        #expect(missing == [.init(number: 2, label: "two", reason: "it was not said, since the server hung up")])
    }

    @Test func aCallerWhoIsPutThroughNeedsNoAnswer() throws {
        let outcome = try outcome(["one"], told: [[final(1)]])
        #expect(outcome.unanswered(in: report([turn("one", heard: nil)], ending: .transferred)).isEmpty)
    }
}

/// Where `agentos call` finds the token for a server's events.
@Suite struct EventAccessTests {
    @Test func theTokenOfAServerOnThisMachineIsInItsDataDirectory() async throws {
        try await SampleCall.withFolder { folder in
            try "kept-in-the-folder\n".write(toFile: "\(folder)/api-token", atomically: true, encoding: .utf8)
            for host in ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.1.2.3"] {
                #expect(EventAccess(given: nil, webhook: "http://\(host)/api/voice/twilio/inbound", folder: folder).token == "kept-in-the-folder")
            }
            #expect(EventAccess(given: "given", webhook: "http://127.0.0.1/", folder: folder).token == "given")
            for host in ["voice.example.com", "10.0.0.1", "127.example.com"] {
                let access = EventAccess(given: nil, webhook: "https://\(host)/api/voice/twilio/inbound", folder: folder)
                #expect(access.token == nil && access.note.contains("--api-token"), "\(host)")
            }
        }
    }

    @Test func aMissingTokenIsToldWithTheFix() {
        let access = EventAccess(given: "", webhook: "http://127.0.0.1:8000/", folder: "/nowhere")
        #expect(access.token == nil && access.note.contains("/nowhere/api-token") && access.note.contains("--data-dir"))
    }
}
