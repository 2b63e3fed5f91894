import Conversation
import Logging
import Testing

@testable import VoiceServer

/// What the audit log says of what was said.
@Suite struct CallRecorderTests {
    /// The questions and answers audited when these things happen in a call.
    private func audited(_ events: [CallEvent]) -> [String] {
        let lines = CollectedLog()
        let logger = Logger(label: "test") { _ in lines }
        let log = EventLog(store: EventLogTests.MoodyStore(refusals: 0), metrics: ServerMetrics(factory: PrometheusRegistry()), logger: logger)
        let metrics = ServerMetrics(factory: PrometheusRegistry())
        let recorder = CallRecorder(
            session: "s",
            caller: "+14155551234",
            streamSid: "MZ1",
            isResumable: true,
            log: log,
            metrics: metrics,
            audit: Audit(logger: logger),
            logger: logger
        )
        events.forEach(recorder.observe)
        return lines.messages.filter { $0.contains(" transcript=") }.compactMap { line in
            line.split(separator: " transcript=").last.map { String($0.replacing(" provider=twilio", with: "")) }
        }
    }

    @Test func keyedDigitsAreTheQuestionOfTheAnswerThatFollows() {
        let lines = audited([.digit("4"), .digit("2"), .keyed(digits: "42", turn: 1), .assistantText(text: "Thank you.", turn: 1)])
        #expect(lines == ["'42' response='Thank you.'"])
    }

    @Test func aGreetingAnswersNothing() {
        let lines = audited([
            .assistantText(text: "Welcome.", turn: 1), .final(text: "hello", turn: 2, audioMs: 9, confidence: nil),
            .assistantText(text: "Hi.", turn: 2), .assistantText(text: "Are you still there?", turn: 3),
        ])
        #expect(lines == ["'' response='Welcome.'", "'hello' response='Hi.'", "'' response='Are you still there?'"])
    }

    @Test func aQuestionIsNotLostToAnAnswerThatIsNotItsOwn() {
        let lines = audited([
            .final(text: "hello", turn: 2, audioMs: 9, confidence: nil), .assistantText(text: "Late.", turn: 1), .stopped(reason: "over"),
        ])
        #expect(lines == ["'' response='Late.'", "'hello' response=''"])
    }

    @Test func whatWasNoTurnIsNotAudited() {
        #expect(audited([.dismissed(text: "mm-hm", audioMs: 9, reason: .backchannel), .stopped(reason: "over")]).isEmpty)
    }
}
