import TestSupport
import Testing

@testable import Conversation

struct EndpointRuleTests {
    private let rule = EndpointRule()

    @Test(arguments: [
        "yes", "Yes.", "yes please", "no thank you", "Thank you, goodbye.", "okay", "That's all.", "stop", "hello", "Mm-hmm.", "mm hm", "Uh-huh.",
        "OK.",
        "YES PLEASE",
    ])
    func wholeShortAnswersAreAnsweredSoon(text: String) {
        #expect(EndpointRule.phrase(segments: [text]) == .closed)
        #expect(rule.silenceMs(after: .closed) == 300)
    }

    /// A lone digit is often read as a short word.
    @Test func shortAnswerThatTheRecogniserGuessesWaitsTheUsualTime() {
        #expect(EndpointRule.phrase(segments: ["Bye bye"], confidence: 0.4) == .unclear)
        #expect(EndpointRule.phrase(segments: ["Yes, please."], confidence: 0.64) == .closed)
        #expect(EndpointRule.phrase(segments: ["Where is it?"], confidence: 0.4) == .ended)
    }

    @Test(arguments: [
        "what are your opening hours", "i would like to book a table for two", "tomorrow at eight", "please transfer me to the sales department",
        "Tomorrow at 10 a.m.", "Tomorrow at 10 AM", "It's $20.", "a table for 12.", "We come at 730", "We come at 7.30.", "Can we come at 7:30",
        "a table for 4 people",
        "7.30", "It is 7:30", "The flight is on the 3rd", "I paid 20 dollars", "I want to book for 2", "What is your number?",
        "can you repeat that please",
        "i need to cancel my reservation for friday", "Where?",
    ])
    func wholeSentencesAreAnsweredSoonerThanUsual(text: String) {
        let hasMark = text.hasSuffix(".") || text.hasSuffix("?")
        #expect(EndpointRule.phrase(segments: [text]) == (hasMark ? .ended : .complete))
        #expect(rule.silenceMs(after: .complete) == 450 && rule.silenceMs(after: .ended) == 400)
    }

    @Test(arguments: [
        "my number is", "My name is...", "i would like to", "a table for", "on friday and", "um", "Well,", "i need the", "can you transfer me to",
        "so —",
    ])
    func unfinishedSentencesAreWaitedFor(text: String) {
        #expect(EndpointRule.phrase(segments: [text]) == .trailing)
        #expect(rule.silenceMs(after: .trailing) == 1500)
    }

    @Test(arguments: [
        ["seven"], ["seven three one"], ["my number is seven"], ["415"], ["My number is 4 1 5."], ["seven", "three one"], ["the code is a b seven"],
        ["ABC"], ["ABC", "1 2 3"], ["My name is spelled ABC"], ["ABC123"], ["5 5 5"], ["415. 5 5 5 5 5 5 5 5 5"], ["4 1 5", "Bye."], ["4 1 5", "No"],
        ["7 3 1", "Heaven"], ["7 3", "Ford Ford Ford"], ["7 3", "R16"], ["415", "2 Bye Bye"], ["7 3", "big 5"], ["415-555"], ["the zip is 94107"],
        ["seven three", "for"], ["seven three", "please"], ["four one five", "an"], ["5-5"], ["double seven"],
    ])
    func dictationsAreNotCutOff(segments: [String]) {
        #expect([.digits, .trailing].contains(EndpointRule.phrase(segments: segments)), "\(EndpointRule.phrase(segments: segments))")
        #expect(rule.silenceMs(after: EndpointRule.phrase(segments: segments)) >= 1500)
    }

    @Test(arguments: [["seven three one", "thank you"], ["seven three", "goodbye"], ["7 3 1", "That's all."], ["7 3 1", "Okay, thank you."]])
    func dictationEndsWithAWordOfGoodbye(segments: [String]) {
        #expect(EndpointRule.phrase(segments: segments) == .closed)
    }

    @Test func wholeTelephoneNumberWaitsNoLongerThanUsual() {
        #expect(EndpointRule.phrase(segments: ["four one five five five five", "one two three four"]) == .unclear)
    }

    @Test(arguments: ["pizza", "Freitag Abend", "linda"])
    func wordsThatTellNothingWaitTheUsualTime(text: String) {
        #expect(EndpointRule.phrase(segments: [text]) == .unclear)
        #expect(EndpointRule(usualMs: 900).silenceMs(after: .unclear) == 900)
    }

    @Test func noWordsAreNothing() {
        #expect(EndpointRule.phrase(segments: []) == .nothing)
        #expect(EndpointRule.phrase(segments: ["", " ... "]) == .nothing)
    }

    @Test(arguments: [100, 700, 5000])
    func everyWaitIsWithinTheBounds(usualMs: Int) {
        let rule = EndpointRule(usualMs: usualMs)
        for phrase in EndpointRule.Phrase.allCases { #expect((300...2500).contains(rule.silenceMs(after: phrase))) }
        #expect(rule.longestSilenceMs == rule.silenceMs(after: .digits))
    }

    @Test(arguments: 0..<20)
    func anyTextHasAWait(seed: Int) {
        var random = SeededRandom(seed: seed)
        let letters = Array("abc 019 .,-?!…'’\n—é日🙂")
        for _ in 0..<200 {
            let segments = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                String((0..<Int.random(in: 0...30, using: &random)).map { _ in letters.randomElement(using: &random) ?? " " })
            }
            let hasWords = segments.contains { $0.contains { $0.isLetter || $0.isNumber } }
            #expect((EndpointRule.phrase(segments: segments) == .nothing) == !hasWords, "\(segments)")
        }
    }
}
