import Audio
import Conversation
import Engines
import Testing

@Suite struct LoadTestEnginesTests {
    @Test func theScriptGoesRound() async throws {
        let transcriber = ScriptedTranscriber(sentences: ["one", "two"])
        var heard: [String] = []
        for _ in 0..<5 { heard.append(try await transcriber.transcribe([1]).text) }
        #expect(heard == ["one", "two", "one", "two", "one"])
        #expect(try await ScriptedTranscriber(sentences: []).transcribe([1]).text.isEmpty)
    }

    @Test func theFlakyEngineFailsAsOftenAsItSays() async throws {
        let transcriber = FlakyTranscriber(ScriptedTranscriber(sentences: ["one"]), failingOnceIn: 3)
        var failures = 0
        for _ in 0..<9 {
            do { #expect(try await transcriber.transcribe([1]).text == "one") } catch is EngineError { failures += 1 }
        }
        #expect(failures == 3)
    }

    @Test func aTonesLengthAndWordEndsAreExact() async throws {
        let speech = try await Speech(of: "  Yes of\ncourse ", by: ToneSynthesizer())
        #expect(speech.milliseconds == 13 * 60)
        #expect(speech.words == [WordTiming(index: 0, endMs: 180), WordTiming(index: 1, endMs: 360), WordTiming(index: 2, endMs: 780)])
    }

    @Test func theToneHasNoClicks() async throws {
        let samples = try await Speech(of: "two words", by: ToneSynthesizer()).samples
        #expect(samples == ToneSource(frequency: 500).samples(milliseconds: 9 * 60))
    }

    @Test func echoRepeatsTheCallersLastWords() async throws {
        let call = [
            ConversationTurn(role: .caller, text: "Hello."),
            ConversationTurn(role: .assistant, text: "You said: Hello."),
            ConversationTurn(role: .caller, text: "What are your opening hours?"),
        ]
        var answer = ""
        for try await piece in EchoAssistant().reply(to: call) { if case .text(let text) = piece { answer += text } }
        #expect(answer == "You said: What are your opening hours?")
    }
}
