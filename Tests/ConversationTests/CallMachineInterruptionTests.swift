import Audio
import TestSupport
import Testing

@testable import Conversation

/// The caller makes a sound while the agent speaks.
struct CallMachineInterruptionTests {
    /// Twenty words of 200 ms each, in a voice that says where they end.
    private static let words = "abcdefghijklmnopqrst".map { "word\($0)" }
    private static let timings = words.indices.map { WordTiming(index: $0, endMs: 200 * ($0 + 1)) }
    /// Audio that tells every place from every other.
    private static let samples: [Int16] = {
        var random = SeededRandom(seed: 7)
        return (0..<4000 * 8).map { _ in Int16.random(in: .min ... .max, using: &random) }
    }()

    private static let encoded = MuLaw.encode(samples)

    /// A call in which the agent has begun to say the twenty words.
    private func answering(_ answer: String = words.joined(separator: " ") + ".") -> MachineDriver {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Tell me more")
        call.answered(1, answer)
        call.spoken(1, Self.samples, words: Self.timings)
        return call
    }

    /// A sound and the words a recogniser finds in it, told 100 ms after they were asked for.
    private func sound(_ call: inout MachineDriver, task: Int = 2, ms: Int = 192, _ text: String) {
        call.caller(speaks: true, ms: ms)
        call.caller(speaks: false, ms: 320)
        call.transcribed(task, text)
        call.caller(speaks: false, ms: 448)
    }

    /// All that a run of the far end's audio may begin with, at a place in the answer.
    private func isAnswer(_ run: [UInt8], fromMs: Int) -> Bool {
        Self.encoded.dropFirst(fromMs / 20 * 160).prefix(run.count).elementsEqual(run)
    }

    @Test func anInterruptionAfterMarksHaveStoppedTellsWhatWasHeardByTheClock() {
        var call = MachineDriver()
        call.exchange(answer: "It is so.", ms: 20_000)
        call.pass(ms: 2000)
        call.echoesMarks = false
        call.pass(ms: 6000)
        let startedMs = call.farEnd.heardMs(nowMs: call.nowMs)
        call.caller(speaks: true, ms: 960)
        let playedMs = call.events.compactMap { if case .assistantPaused(_, let playedMs) = $0 { playedMs } else { nil } }.first ?? 0
        #expect((startedMs...startedMs + 200).contains(playedMs), "\(playedMs) after \(startedMs)")
    }

    @Test func agentFallsSilentAtOnceAndJudgesAfterwards() {
        var call = answering()
        call.caller(speaks: false, ms: 2016)
        call.forgetActions()
        call.caller(speaks: true, ms: 96)
        #expect(
            call.decisions == [
                .emit(.speechStarted(audioMs: call.mediaMs - 96)), .line(.clear), .emit(.assistantPaused(turn: 1, playedMs: 2112)),
            ]
        )
        call.forgetActions()
        call.caller(speaks: false, ms: 192)
        #expect(call.actions.isEmpty)
    }

    @Test func coughLetsTheAgentGoOnFromTheWordThatWasCut() {
        var call = answering()
        call.caller(speaks: false, ms: 2016)
        sound(&call, "")
        #expect(call.dismissals == [.noWords])
        #expect(call.events.contains(.assistantResumed(turn: 1, fromMs: 2000)))
        call.caller(speaks: false, ms: 3200)
        #expect(call.heard == [.assistantHeard(text: Self.words.joined(separator: " ") + ".", turn: 1, complete: true)])
    }

    @Test func resumedAudioIsExactlyTheRest() {
        for soundMs in stride(from: 32, to: 3900, by: 32) {
            var call = answering()
            call.caller(speaks: false, ms: soundMs)
            sound(&call, "")
            call.caller(speaks: false, ms: 5120)
            let resumed = call.events.compactMap { if case .assistantResumed(1, let fromMs) = $0 { fromMs } else { nil } }
            let paused = call.events.compactMap { if case .assistantPaused(1, let playedMs) = $0 { playedMs } else { nil } }
            let runs = call.farEnd.heardRuns(nowMs: call.nowMs)
            guard let fromMs = resumed.first, let playedMs = paused.first else {
                #expect(soundMs + 96 >= 4000, "no pause for a sound at \(soundMs) ms")
                continue
            }
            #expect(runs.count == 2)
            #expect(playedMs == soundMs / 32 * 32 + 96)
            #expect(fromMs == playedMs / 200 * 200, "at \(soundMs) ms")
            #expect(runs[0].count == playedMs * 8 && isAnswer(runs[0], fromMs: 0))
            #expect(runs[1].count == (4000 - fromMs) * 8 && isAnswer(runs[1], fromMs: fromMs), "at \(soundMs) ms")
        }
    }

    @Test func agentWithoutWordTimingsGoesOnWhereItWas() {
        var call = MachineDriver()
        call.exchange(ms: 4000)
        call.caller(speaks: false, ms: 1024)
        sound(&call, "")
        #expect(call.events.contains(.assistantResumed(turn: 1, fromMs: 1120)))
    }

    @Test func longWordIsNotSaidAgain() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Tell me more")
        call.answered(1, "Extraordinarily.")
        call.spoken(1, ms: 3000, words: [WordTiming(index: 0, endMs: 3000)])
        call.caller(speaks: false, ms: 992)
        sound(&call, "")
        #expect(call.events.contains(.assistantResumed(turn: 1, fromMs: 1088)))
    }

    @Test(arguments: ["okay", "mm-hm"])
    func backchannelLetsTheAgentGoOn(text: String) {
        var call = answering()
        call.caller(speaks: false, ms: 2016)
        sound(&call, text)
        #expect(call.dismissals == [.backchannel])
        #expect(call.finals == ["Tell me more"])
        call.caller(speaks: false, ms: 3200)
        #expect(call.farEnd.heardRuns(nowMs: call.nowMs).count == 2)
        guard case .assistantHeard(_, 1, true)? = call.heard.last else {
            Issue.record("the answer was not heard to its end")
            return
        }
    }

    @Test func backchannelAnswersAQuestion() {
        var call = answering("Do you want " + Self.words.dropFirst(3).joined(separator: " ") + "?")
        call.caller(speaks: false, ms: 3008)
        sound(&call, "okay")
        #expect(call.dismissals.isEmpty)
        #expect(call.finals.last == "okay")
        #expect(call.asked == [1, 2])
    }

    @Test func stopTakesTheFloorThoughItIsShort() {
        var call = answering()
        call.caller(speaks: false, ms: 2016)
        call.forgetActions()
        sound(&call, ms: 160, "stop")
        #expect(
            call.decisions.filter { if case .transcribe = $0 { false } else { true } }
                == [
                    .emit(.speechStarted(audioMs: 3712)), .line(.clear), .emit(.assistantPaused(turn: 1, playedMs: 2112)),
                    .emit(.bargeIn(turn: 1, playedMs: 2112)),
                    .emit(.assistantHeard(text: Self.words.prefix(11).joined(separator: " "), turn: 1, complete: false)),
                    .emit(.partial(text: "stop", turn: 2, audioMs: 3872, confidence: nil)),
                    .emit(.speechStopped(audioMs: 3872)),
                    .emit(.final(text: "stop", turn: 2, audioMs: 3872, confidence: nil)),
                    .ask(
                        id: 3,
                        turn: 2,
                        [
                            ConversationTurn(role: .caller, text: "Tell me more"),
                            ConversationTurn(role: .assistant, text: Self.words.prefix(11).joined(separator: " ")),
                            ConversationTurn(role: .caller, text: "stop"),
                        ]
                    ),
                ].filter { action in
                    // Whether a partial comes first depends on how soon "stop" is taken for the whole of it.
                    call.partials.isEmpty ? { if case .emit(.partial) = action { false } else { true } }() : true
                }
        )
        call.forgetActions()
        call.caller(speaks: false, ms: 9600)
        #expect(call.sentAudio == 0)
    }

    @Test func wordsThatComeTooLateInterruptAnAgentThatHasGoneOn() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 320)
        call.caller(speaks: false, ms: 1984)
        #expect(call.events.contains { if case .assistantResumed(1, _) = $0 { true } else { false } } == false)
        call.caller(speaks: false, ms: 256)
        #expect(call.events.contains { if case .assistantResumed(1, _) = $0 { true } else { false } })
        call.caller(speaks: false, ms: 512)
        call.transcribed(2, "I would like something else")
        #expect(call.events.contains { if case .bargeIn(1, _) = $0 { true } else { false } })
        #expect(call.asked == [1, 2])
        call.forgetActions()
        call.caller(speaks: false, ms: 6400)
        #expect(call.sentAudio == 0)
        #expect(call.farEnd.heardRuns(nowMs: call.nowMs).count == 3)
    }

    @Test func agentWaitsForTheWordsOfACallerWhoSpeaksForLong() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 1600)
        call.caller(speaks: false, ms: 8000)
        #expect(!call.events.contains { if case .assistantResumed = $0 { true } else { false } })
        call.transcribed(2, "I would like something else")
        #expect(call.asked == [1, 2])
    }

    @Test func wordsThatNeverComeDoNotSilenceTheAgentForGood() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 1600)
        call.caller(speaks: false, ms: 30_016)
        #expect(call.dismissals == [.late])
        #expect(call.heard == [.assistantHeard(text: Self.words.joined(separator: " ") + ".", turn: 1, complete: true)])
    }

    @Test func twoSoundsInOnePauseAreJudgedTogether() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 320)
        // Before the first is known.
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 320)
        #expect(call.cancelled == [2])
        call.transcribed(3, "")
        call.caller(speaks: false, ms: 448)
        #expect(call.dismissals == [.noWords])
        #expect(call.actions.count { $0 == .line(.clear) } == 1)
        #expect(call.events.count { if case .assistantResumed = $0 { true } else { false } } == 1)
    }

    @Test func soundAfterAResumePausesAgain() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        sound(&call, task: 2, "")
        call.caller(speaks: false, ms: 320)
        sound(&call, task: 3, "")
        call.caller(speaks: false, ms: 6400)
        #expect(call.actions.count { $0 == .line(.clear) } == 2)
        #expect(call.heard == [.assistantHeard(text: Self.words.joined(separator: " ") + ".", turn: 1, complete: true)])
        let marks = call.actions.compactMap { if case .line(.mark(let name)) = $0 { name } else { nil } }
        #expect(Set(marks.compactMap { $0.split(separator: ".").dropFirst().first }) == ["g1", "g2", "g3"])
    }

    @Test(arguments: [3872, 3904, 3936, 3968, 4000, 4032])
    func soundAtTheVeryEndIsHarmless(soundMs: Int) {
        var call = answering()
        call.caller(speaks: false, ms: soundMs)
        sound(&call, "")
        call.caller(speaks: false, ms: 2048)
        #expect(call.heard == [.assistantHeard(text: Self.words.joined(separator: " ") + ".", turn: 1, complete: true)])
        #expect(call.machine.exchange == nil)
    }

    @Test(arguments: [3872, 3904, 3936, 3968, 4000, 4032])
    func wordsAtTheVeryEndAreAnswered(soundMs: Int) {
        var call = answering()
        call.caller(speaks: false, ms: soundMs)
        sound(&call, ms: 640, "and what about tomorrow")
        #expect(call.asked == [1, 2])
        guard case .assistantHeard(let text, 1, _)? = call.heard.last else {
            Issue.record("nothing was heard")
            return
        }
        #expect(text.split(separator: " ").count >= 19)
    }

    @Test(arguments: [0, 1, 3], [0, 60])
    func heardTextIsRightWheneverTheCallerInterrupts(pauses: Int, echoDelayMs: Int) {
        for offsetMs in stride(from: 0, to: 3000, by: 97) {
            var call = answering()
            call.echoDelayMs = echoDelayMs
            for index in 0..<pauses {
                call.caller(speaks: false, ms: 160 + 32 * index)
                sound(&call, task: 2 + index, "")
            }
            call.pass(ms: offsetMs)
            call.caller(speaks: true, ms: 640)
            call.caller(speaks: false, ms: 320)
            call.transcribed(2 + pauses, "I would like something else")
            let resumed = call.events.compactMap { if case .assistantResumed(1, let fromMs) = $0 { fromMs / 20 * 20 } else { nil } }
            #expect(resumed.count == pauses)
            let runs = call.farEnd.heardRuns(nowMs: call.nowMs)
            let truthMs = zip([0] + resumed, runs).map { $0 + $1.count / 8 }.max() ?? 0
            guard case .assistantHeard(let text, 1, let isComplete)? = call.heard.last else {
                Issue.record("nothing was heard at \(offsetMs)")
                continue
            }
            let count = text.split(separator: " ").count
            // The last mark may be on its way back when the caller interrupts.
            #expect(isComplete == (truthMs >= 4000) || (!isComplete && echoDelayMs > 0))
            #expect((Self.words.joined(separator: " ") + ".").hasPrefix(text))
            #expect(abs(Double(count) - Double(truthMs) / 200) <= 1, "\(count) words of \(truthMs) ms, at \(offsetMs)")
        }
    }

    @Test func soundAtAnyMomentLeavesTheAnswerWhole() {
        let samples = Array(Self.samples.prefix(900 * 8))
        for offsetMs in stride(from: 0, to: 900, by: 7) {
            var call = MachineDriver()
            call.callerSpeaksAndWaits()
            call.transcribed(1, "Tell me more")
            call.answered(1, "One two three.")
            call.spoken(1, samples, words: (0..<3).map { WordTiming(index: $0, endMs: 300 * ($0 + 1)) })
            call.pass(ms: offsetMs)
            call.caller(speaks: true, ms: 128)
            call.caller(speaks: false, ms: 256)
            call.transcribed(2, "")
            call.caller(speaks: false, ms: 1408)
            #expect(call.heard == [.assistantHeard(text: "One two three.", turn: 1, complete: true)], "at \(offsetMs) ms")
            let resumed = call.events.compactMap { if case .assistantResumed(1, let fromMs) = $0 { fromMs } else { nil } }
            let runs = call.farEnd.heardRuns(nowMs: call.nowMs)
            #expect(runs.count == resumed.count + 1)
            #expect((runs.last?.count ?? 0) / 8 + (resumed.last ?? 0) / 20 * 20 == 900)
            #expect(isAnswer(runs.last ?? [], fromMs: resumed.last ?? 0), "at \(offsetMs) ms")
            #expect(call.rules.faults.isEmpty)
        }
    }

    @Test func audioMadeDuringAPauseIsKeptForLater() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        call.answered(1, "One two three.")
        call.speech(turn: 1, SpeechChunk(samples: Array(Self.samples.prefix(8000))))
        call.caller(speaks: false, ms: 480)
        call.caller(speaks: true, ms: 192)
        call.forgetActions()
        call.speech(turn: 1, SpeechChunk(samples: Array(Self.samples.dropFirst(8000).prefix(8000))))
        call.spoken(turn: 1)
        #expect(call.actions.isEmpty)
        call.caller(speaks: false, ms: 320)
        call.transcribed(2, "")
        call.caller(speaks: false, ms: 3200)
        let runs = call.farEnd.heardRuns(nowMs: call.nowMs)
        #expect(runs.count == 2)
        #expect(isAnswer(runs[1], fromMs: runs[0].count / 8) && runs[0].count / 160 * 160 + runs[1].count == 16_000)
    }

    @Test func agentGoesOnThoughTheAudioOfACallerWhoSpokeForLongStopsForGood() {
        var call = answering()
        call.caller(speaks: false, ms: 992)
        call.caller(speaks: true, ms: 1600)
        call.pass(ms: 60_000)
        guard case .assistantHeard(_, 1, true)? = call.heard.last else {
            Issue.record("the answer was not heard to its end")
            return
        }
    }
}
