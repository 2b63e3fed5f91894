import Conversation
import Testing

@testable import VoiceServer

/// What was said, put together from a session's events.
@Suite struct TranscriptTests {
    /// The transcript of a session in which these things happened, a second apart.
    private func transcript(of events: [CallEvent]) async throws -> [Transcript.Turn] {
        try await read(events).turns
    }

    private func read(_ events: [CallEvent]) async throws -> Transcript {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        let session = SessionRecord(id: "s", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 0)
        let changes = events.enumerated().map { StoreChange.event(session: "s", $1, at: ($0 + 1) * 1_000_000) }
        _ = try await store.write([.create(session)] + changes)
        return try await Transcript.read("s", from: store)
    }

    @Test func keyedDigitsAreACallersTurnFromTheFirstKeyToTheLast() async throws {
        let turns = try await transcript(of: [
            .digit("4"), .digit("2"), .keyed(digits: "42", turn: 1), .assistantText(text: "Thank you.", turn: 1),
            .assistantHeard(text: "Thank you.", turn: 1, complete: true), .digit("7"), .keyed(digits: "7", turn: 2),
        ])
        #expect(turns.map(\.role) == [.caller, .assistant, .caller])
        #expect(turns.map(\.text) == ["42", "Thank you.", "7"])
        #expect(turns.map(\.turn) == [1, 1, 2])
        #expect(turns[0].heard == "42")
        #expect(turns[0].startedAt == Timestamp.text(1_000_000) && turns[0].endedAt == Timestamp.text(2_000_000))
        #expect(turns[2].startedAt == Timestamp.text(6_000_000), "the keys of the turn before are not counted again")
    }

    @Test func whatTheAgentSaysOfItsOwnAccordStandsAlone() async throws {
        let turns = try await transcript(of: [
            .assistantText(text: "Welcome.", turn: 1), .assistantHeard(text: "Welcome.", turn: 1, complete: true),
            .final(text: "hello", turn: 2, audioMs: 900, confidence: nil), .assistantText(text: "Hi.", turn: 2),
            .assistantHeard(text: "Hi.", turn: 2, complete: true), .assistantText(text: "Are you still there?", turn: 3),
            .assistantHeard(text: "Are you", turn: 3, complete: false),
        ])
        #expect(turns.map(\.role) == [.assistant, .caller, .assistant, .assistant])
        #expect(turns.map(\.turn) == [1, 2, 2, 3])
        #expect(turns.map(\.heard) == ["Welcome.", "hello", "Hi.", "Are you"])
    }

    @Test func soundsThatWereNoTurnAndPausesLeaveNoTrace() async throws {
        let turns = try await transcript(of: [
            .final(text: "hello", turn: 1, audioMs: 900, confidence: nil), .assistantText(text: "Hi there.", turn: 1),
            .speechStarted(audioMs: 1500), .assistantPaused(turn: 1, playedMs: 300), .partial(text: "mm", turn: 2, audioMs: 1600, confidence: nil),
            .speechStopped(audioMs: 1700), .dismissed(text: "mm-hm", audioMs: 1700, reason: .backchannel), .assistantResumed(turn: 1, fromMs: 250),
            .assistantHeard(text: "Hi there.", turn: 1, complete: true),
        ])
        #expect(turns.map(\.text) == ["hello", "Hi there."])
        #expect(turns.last?.heard == "Hi there.")
    }

    private static let call = ToolCall(id: "c1", name: "find", arguments: "{\"day\":\"friday\"}")

    private func finished(_ status: ToolOutcome.Status) -> CallEvent {
        .toolFinished(ToolUse(Self.call, outcome: ToolOutcome(status, "two tables")), turn: 1, tookMs: 9)
    }

    @Test func anAnswerThatWasStillBeingMadeIsOwedAnew() async throws {
        let resumption = try await read([
            .final(text: "hello", turn: 1, audioMs: 900, confidence: nil), .toolCalled(Self.call, turn: 1), finished(.done),
            .assistantCut(text: "Let me look that up. And", turn: 1), .assistantHeard(text: "Let me look", turn: 1, complete: false),
        ]).resumption
        #expect(resumption.debt == .reply(turn: 1))
        let use = ToolUse(Self.call, outcome: ToolOutcome(.done, "two tables"))
        #expect(resumption.conversation == [ConversationTurn(role: .caller, text: "hello"), ConversationTurn(tool: use)])
    }

    @Test func whatAServiceAttachedToACallIsKnownAfterALostLine() async throws {
        var call = Self.call
        call.attachment = "group {\"origin\":\"x m\"}"
        let read = try await read([.final(text: "hello", turn: 1, audioMs: 900, confidence: nil), .toolCalled(call, turn: 1)])
        #expect(read.resumption.conversation.last?.tool?.call.attachment == call.attachment)
    }

    @Test func aToolWhoseOutcomeNobodyKnowsIsNotForgotten() async throws {
        let resumption = try await read([.final(text: "hello", turn: 1, audioMs: 900, confidence: nil), .toolCalled(Self.call, turn: 1)]).resumption
        #expect(resumption.debt == .reply(turn: 1))
        #expect(resumption.conversation.last?.tool?.outcome?.status == .unknown)
        #expect(resumption.conversation.last?.tool?.call == Self.call)
    }

    @Test func whatAToolDidLastIsOwedToTheCaller() async throws {
        let announced: [CallEvent] = [
            .final(text: "hello", turn: 1, audioMs: 900, confidence: nil), .assistantText(text: "One moment.", turn: 1),
            .assistantHeard(text: "One moment.", turn: 1, complete: true), .toolCalled(Self.call, turn: 1),
        ]
        #expect(try await read(announced + [finished(.failed)]).resumption.debt == .followUp)
        #expect(try await read(announced + [finished(.cancelled)]).resumption.debt == .nothing)
    }
}
