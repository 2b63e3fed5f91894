import TestSupport
import Testing

@testable import Conversation

/// How long the agent waits before it answers.
struct CallMachineEndpointTests {
    private static let window = VoiceActivityWindow.milliseconds
    private let rule = TurnConfiguration().endpoint

    /// How long after its last sound a caller who says this is answered, in ms.
    private func waitMs(_ text: String, recognitionMs: Int? = 96) -> Int? {
        var caller = TalkingCaller()
        caller.recognitionMs = recognitionMs
        caller.say(text, ms: 960)
        return caller.waitUntilAsked()
    }

    /// What is told to a caller who says these words with these pauses, in ms, before them.
    private func finals(_ words: [(pauseMs: Int, text: String)], recognitionMs: Int = 96) -> [String] {
        var caller = TalkingCaller()
        caller.recognitionMs = recognitionMs
        for (pauseMs, text) in words {
            caller.pause(ms: pauseMs)
            caller.say(text)
        }
        caller.pause(ms: 2048)
        return caller.call.finals
    }

    @Test func yesIsAnsweredSoonerThanWordsThatMayGoOn() throws {
        let yes = try #require(waitMs("yes"))
        let unclear = try #require(waitMs("the blue one perhaps"))
        let trailing = try #require(waitMs("I would like to go to the"))
        #expect(yes < unclear)
        #expect(unclear < trailing)
        #expect(yes < 700)
    }

    /// "ja gerne" is a whole answer in German, and nothing in English.
    @Test func theLanguageThatIsFoundOutIsThatOfTheCall() throws {
        var english = TalkingCaller()
        english.say("ja gerne")
        let usual = english.waitUntilAsked()
        var caller = TalkingCaller()
        caller.language = "de"
        caller.say("ja gerne")
        let waited = caller.waitUntilAsked()
        #expect(try #require(waited) < #require(usual))
        #expect(caller.call.machine.language == "de")
    }

    @Test(arguments: ["yes", "the blue one perhaps", "I would like to go to the", "four seven one"])
    func silenceBeforeTheAnswerIsWhatTheWordsAskFor(text: String) throws {
        let waited = try #require(waitMs(text))
        let silenceMs = rule.silenceMs(after: EndpointRule.phrase(segments: [text]))
        // Words are known 224 + 96 ms after the last sound at the earliest.
        #expect(abs(waited - max(silenceMs, 320)) <= Self.window / 2)
    }

    @Test func callerWhoseWordsTrailOffIsWaitedFor() {
        #expect(finals([(0, "I would like to"), (928, "book a table")]) == ["I would like to book a table"])
    }

    @Test(arguments: [64, 192, 256, 320, 448, 576])
    func callerWhoGoesOnWithinThePauseIsOneTurn(pauseMs: Int) {
        #expect(finals([(0, "is there"), (pauseMs, "a table")]) == ["is there a table"])
    }

    @Test(arguments: [320, 480, 640, 800, 960, 1120, 1184], [96, 500])
    func digitsSaidSlowlyAreOneNumber(pauseMs: Int, recognitionMs: Int) {
        let digits = ["four", "seven", "one", "one", "nine", "two"]
        #expect(finals(digits.map { (pauseMs, $0) }, recognitionMs: recognitionMs) == [digits.joined(separator: " ")])
    }

    @Test(arguments: 0..<50)
    func digitsWithAnyPausesAreOneNumber(seed: Int) {
        var random = SeededRandom(seed: seed)
        let all = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        let words = (0..<10).map { _ in
            (Int.random(in: 10...37, using: &random) * Self.window, all.randomElement(using: &random) ?? "one")
        }
        let recognitionMs = Int.random(in: 0...1000, using: &random)
        #expect(finals(words, recognitionMs: recognitionMs) == [words.map(\.1).joined(separator: " ")])
    }

    @Test func slowWordsEndTheTurnTheMomentTheyCome() throws {
        let waited = try #require(waitMs("yes", recognitionMs: 1000))
        #expect((1224..<1224 + Self.window).contains(waited))
    }

    @Test func wordsThatDoNotComeLetTheTurnEndAtTheLongestWait() {
        var caller = TalkingCaller()
        caller.recognitionMs = nil
        caller.say("yes")
        caller.pause(ms: caller.call.longestSilenceMs - Self.window)
        #expect(caller.call.events == [.speechStarted(audioMs: 0)])
        caller.pause(ms: Self.window)
        #expect(caller.call.events == [.speechStarted(audioMs: 0), .speechStopped(audioMs: 320)])
        caller.call.transcribed(1, "yes")
        #expect(caller.call.asked == [1])
    }

    @Test func soundWithoutWordsKeepsNobodyWaiting() {
        var caller = TalkingCaller()
        caller.cough()
        caller.pause(ms: 448)
        #expect(caller.call.dismissals == [.noWords])
        #expect(!caller.call.machine.detector.isSpeaking)
    }

    @Test func partialTellsTheWordsOfAPauseThatTheTurnGoesOnAfter() {
        var caller = TalkingCaller()
        caller.say("I would like to")
        caller.pause(ms: 928)
        #expect(caller.call.partials == ["I would like to"])
        caller.say("book")
        caller.pause(ms: 1600)
        #expect(caller.call.finals == ["I would like to book"])
    }
}
