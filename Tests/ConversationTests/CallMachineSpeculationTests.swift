import TestSupport
import Testing

@testable import Conversation

/// Words are asked for before the turn is over.
struct CallMachineSpeculationTests {
    @Test func wordsAreAskedForAfterAShortPause() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 640, silenceMs: 192)
        #expect(call.clips.isEmpty)
        call.caller(speaks: false, ms: 32)
        #expect(call.clips == [0..<864])
        #expect(!call.events.contains(.speechStopped(audioMs: 640)))
    }

    @Test func callerWhoGoesOnSoonHasTheRequestDropped() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 640, silenceMs: 416)
        call.callerSpeaksAndWaits(ms: 320, silenceMs: 736)
        #expect(call.cancelled == [1])
        #expect(call.clips == [0..<864, 0..<1600])
        call.transcribed(1, "I would")
        #expect(call.finals.isEmpty && call.partials.isEmpty)
        call.transcribed(2, "I would go")
        #expect(call.finals == ["I would go"])
    }

    @Test func wordsKnownBeforeTheCallerWentOnAreReadAgainAndToldOnce() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 640, silenceMs: 256)
        call.transcribed(1, "I would")
        call.callerSpeaksAndWaits(ms: 320, silenceMs: 736)
        #expect(call.cancelled.isEmpty, "it was done")
        call.transcribed(2, "I would go")
        #expect(call.finals == ["I would go"])
    }

    @Test func longPauseKeepsTheStretchBeforeIt() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 640, silenceMs: 960)
        call.callerSpeaksAndWaits(ms: 320, silenceMs: 736)
        #expect(call.cancelled.isEmpty)
        #expect(call.clips == [0..<864, 1300..<2144])
        call.transcribed(2, "a table")
        #expect(call.finals.isEmpty, "the first words may still come")
        call.transcribed(1, "I would like")
        #expect(call.finals == ["I would like a table"])
        #expect(call.asked == [1])
    }

    @Test func stretchThatCouldNotBeReadDoesNotCostTheOther() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 640, silenceMs: 960)
        call.perform { $0.transcribed(task: 1, nil, failure: "broken", nowMs: $1) }
        call.callerSpeaksAndWaits(ms: 320, silenceMs: 736)
        call.transcribed(2, "a table")
        #expect(call.finals == ["a table"])
        #expect(call.events.contains(.error(message: "broken", stage: "stt")))
    }

    @Test func longSpeechIsCutAndItsWordsAreAskedForOnce() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits(ms: 26_016, silenceMs: 736)
        #expect(call.clips.count == 2)
        #expect(call.clips.first?.upperBound == call.clips.last?.lowerBound)
        call.transcribed(1, "so much")
        #expect(call.finals == ["so much"])
        #expect(call.asked.isEmpty, "there is more")
        call.transcribed(2, "and more of it")
        #expect(call.asked == [2])
    }

    @Test(arguments: 0..<5)
    func everyWordIsReadExactlyOnceWhateverThePauses(block: Int) {
        for seed in block * 20..<(block + 1) * 20 {
            var random = SeededRandom(seed: seed)
            var caller = TalkingCaller()
            for index in 0..<30 {
                caller.recognitionMs = Int.random(in: 0...(random.once(in: 3) ? 3000 : 400), using: &random)
                caller.say("w\(index)x", ms: Int.random(in: 3...30, using: &random) * VoiceActivityWindow.milliseconds)
                caller.pause(ms: Int.random(in: 1...(random.once(in: 3) ? 60 : 25), using: &random) * VoiceActivityWindow.milliseconds)
            }
            caller.pause(ms: 6400)
            let told = caller.call.events.flatMap { event -> [Substring] in
                switch event {
                case .final(let text, _, _, _), .dismissed(let text, _, _): text.split(separator: " ")
                default: []
                }
            }
            #expect(told == caller.words.map { Substring($0.text) }, "seed \(seed)")
            let asked = caller.call.actions.compactMap { if case .transcribe(let task, _) = $0 { task } else { nil } }
            #expect(Set(asked).count == asked.count)
            #expect(caller.call.rules.faults.isEmpty, "seed \(seed)")
            #expect(Set(caller.call.cancelled).count == caller.call.cancelled.count)
        }
    }
}
