import Conversation
import Testing

@testable import VoiceServer

/// What `/metrics` shows of calls.
@Suite struct ServerMetricsTests {
    private func lines(after events: [CallEvent]) -> [String] {
        let registry = PrometheusRegistry()
        let metrics = ServerMetrics(factory: registry)
        events.forEach(metrics.observe)
        return registry.render().split(separator: "\n").map(String.init)
    }

    @Test func soundsThatWereNoTurnAreCountedByTheirReason() {
        let lines = lines(after: [
            .dismissed(text: "mm-hm", audioMs: 1, reason: .backchannel), .dismissed(text: "", audioMs: 2, reason: .noWords),
            .dismissed(text: "", audioMs: 3, reason: .noWords),
        ])
        #expect(lines.contains(#"agentos_utterances_dismissed_total{reason="backchannel"} 1"#))
        #expect(lines.contains(#"agentos_utterances_dismissed_total{reason="no_words"} 2"#))
        #expect(lines.contains(#"agentos_utterances_dismissed_total{reason="late"} 0"#), "a rate needs the series before its first count")
    }

    @Test func pausesAndResumesAreCounted() {
        let lines = lines(after: [
            .assistantPaused(turn: 1, playedMs: 1), .assistantResumed(turn: 1, fromMs: 1), .assistantPaused(turn: 1, playedMs: 2),
        ])
        #expect(lines.contains("agentos_assistant_pauses_total 2") && lines.contains("agentos_assistant_resumes_total 1"))
    }

    @Test func theStagesOfATurnAreHistogramsThatTellShortFromLong() {
        let quick = TurnMetrics(turn: 1, endpointMs: 300, sttMs: 60, chatFirstTokenMs: 0, ttsFirstAudioMs: 20, wireMs: 40)
        let slow = TurnMetrics(turn: 2, endpointMs: 700, sttMs: 2000, chatFirstTokenMs: 900, ttsFirstAudioMs: 100)
        let lines = lines(after: [.turnMetrics(quick), .turnMetrics(slow)])
        #expect(lines.contains("# TYPE agentos_turn_seconds histogram"))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="response",le="0.3"} 0"#))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="response",le="0.4"} 1"#))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="response",le="2.5"} 1"#))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="response",le="5.0"} 2"#))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="response",le="+Inf"} 2"#))
        #expect(lines.contains(#"agentos_turn_seconds_count{stage="response"} 2"#))
    }

    @Test func whatReachedTheEarIsCountedWhereItIsKnown() {
        let known = TurnMetrics(turn: 1, endpointMs: 300, sttMs: 60, chatFirstTokenMs: 0, ttsFirstAudioMs: 20, wireMs: 40)
        var unknown = known
        unknown.wireMs = nil
        let lines = lines(after: [.turnMetrics(known), .turnMetrics(unknown)])
        for stage in ["wire", "at_ear"] { #expect(lines.contains("agentos_turn_seconds_count{stage=\"\(stage)\"} 1")) }
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="at_ear",le="0.4"} 0"#))
        #expect(lines.contains(#"agentos_turn_seconds_bucket{stage="at_ear",le="0.6"} 1"#))
    }

    @Test func tokensAreCountedByAgentAndAreThereBeforeTheFirst() {
        let registry = PrometheusRegistry()
        let metrics = ServerMetrics(factory: registry)
        metrics.expectCalls(of: ["sales", "support"])
        for _ in 1...2 { metrics.countTokens("sales", prompt: 120, completion: 30) }
        let lines = registry.render().split(separator: "\n")
        #expect(lines.contains(#"agentos_chat_tokens_total{agent="sales",kind="prompt"} 240"#))
        #expect(lines.contains(#"agentos_chat_tokens_total{agent="sales",kind="completion"} 60"#))
        #expect(lines.contains(#"agentos_chat_tokens_total{agent="support",kind="prompt"} 0"#))
    }
}
