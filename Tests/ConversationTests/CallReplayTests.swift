import TestSupport
import Testing

@testable import Conversation

/// A call's journal, and the call run again from it.
@Suite(.timeLimit(.minutes(10)))
struct CallReplayTests {
    /// The journal of a call with two exchanges, a cough over the answer to the first, keys, and its end.
    private func journal() async throws -> [String] {
        let journal = JournalList()
        let transcriber = ListTranscriber(["Hello", "", "I would like a table"])
        let assistant = TokenAssistant(tokens: [String](repeating: "word ", count: 20))
        _ = try await CallBench.withCall(transcriber: transcriber, assistant: assistant, journal: journal) { bench in
            await bench.caller(speaks: true, fromMs: 0, ms: 640)
            await bench.caller(speaks: false, fromMs: 640, ms: 900)
            await bench.until { !bench.record.played.isEmpty }
            await bench.caller(speaks: true, fromMs: 1540, ms: 200)
            await bench.caller(speaks: false, fromMs: 1740, ms: 3000)
            await bench.caller(speaks: true, fromMs: 4740, ms: 640)
            await bench.caller(speaks: false, fromMs: 5380, ms: 3000)
            await bench.until { bench.events.contains { if case .assistantHeard(_, 2, true) = $0 { true } else { false } } }
            bench.send(.digit("5"))
            bench.send(.stopped("bye"))
            await bench.until { if case .stopped? = bench.events.last { true } else { false } }
        }
        return journal.lines
    }

    @Test func replayedCallDecidesTheSameEveryTime() async throws {
        let lines = try await journal()
        let replay = try CallReplay(lines: lines)
        let first = replay.run()
        #expect(first.firstDifference == nil)
        #expect(first.steps == lines.count - 1)
        #expect(first.actions > 50)
        let second = replay.run()
        #expect(second == first)
    }

    @Test func journalTellsTheWholeCall() async throws {
        let text = try await journal().joined(separator: "\n")
        for part in ["assistantPaused", "assistantResumed", "I would like a table", "keyed", "audio 160", "finish"] {
            #expect(text.contains(part), "\(part)")
        }
        let hasSamples = text.contains("\"samples\":[")
        #expect(!hasSamples, "audio is kept by its length")
    }

    @Test func otherSettingsShowWhereTheCallWouldHaveGoneAnotherWay() async throws {
        var lines = try await journal()
        var configuration = CallMachine.Configuration()
        configuration.turns.pauseMs = 400
        lines[0] = try JournalLine(.config(configuration)).text()
        let difference = try #require(try CallReplay(lines: lines).run().firstDifference)
        #expect(difference.contains("in the call [\"transcribe(task:"))
    }

    @Test func anotherDecisionInTheJournalIsFound() async throws {
        var lines = try await journal()
        let index = try #require(lines.firstIndex { $0.contains("speechStarted") })
        lines[index] = lines[index].replacing("speechStarted(audioMs: ", with: "speechStarted(audioMs: 1")
        let outcome = try CallReplay(lines: lines).run()
        #expect(outcome.firstDifference?.hasPrefix("event \(index),") == true)
        #expect(outcome.steps == lines.count - 1, "the rest is run all the same")
    }

    @Test func emptyLinesAreSkipped() async throws {
        let lines = try await journal()
        let outcome = try CallReplay(lines: lines.flatMap { [$0, ""] }).run()
        #expect(outcome.firstDifference == nil)
    }

    /// What is said about a journal that is none.
    private func complaint(_ lines: [String]) -> String? {
        do {
            _ = try CallReplay(lines: lines)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func damagedLineIsNamed() async throws {
        var lines = try await journal()
        lines[4] = String(lines[4].dropLast(5))
        #expect(complaint(lines) == "line 5 is no line of a call's journal")
    }

    @Test func lostLinesAreNamed() async throws {
        var lines = try await journal()
        lines.insert("{\"lost\":3}", at: 2)
        #expect(complaint(lines) == "line 3 says that 3 lines were lost: the call cannot be replayed")
    }

    @Test func journalWithoutSettingsIsNone() async throws {
        let lines = try await journal()
        #expect(complaint(Array(lines.dropFirst())) == "line 1 has no event, or comes before the call's settings")
        #expect(complaint([]) == "the journal is empty")
    }

    @Test func everyInputSurvivesTheJournal() throws {
        let chunk = SpeechChunk(samples: [Int16](repeating: 0, count: 160), words: [WordTiming(index: 0, endMs: 20)])
        let transcription = Transcription(text: "é \"so\"", confidence: 0.5, queueWait: .milliseconds(3), processing: .milliseconds(40))
        let inputs: [CallMachine.Input] = [
            .begin, .audio(fromMs: 0, toMs: 20), .voice(probability: 0.123456, audioMs: 32), .voiceFailed("x"), .digit("#"), .mark("t1.g1.20"),
            .timer, .end(reason: "bye"), .transcribed(task: 1, transcription, failure: nil),
            .transcribed(task: 2, nil, failure: "broken"), .token(ask: 1, "so\n"), .answered(ask: 1, failure: nil),
            .answered(ask: 1, failure: "gone"), .speech(piece: 2, chunk), .spoken(piece: 2, failure: nil),
        ]
        for input in inputs {
            let line = JournalLine(.step(atMs: 7, input, [.finish, .line(.audio([1, 2, 3]))]))
            let read = try JournalLine(line.text())
            #expect(read == line)
            #expect(read.actions == ["finish", "audio 3"])
        }
    }
}
