import Testing

@testable import Conversation

struct InterruptionTests {
    private func judge(_ text: String, speechMs: Int = 600, agentAsked: Bool = false) -> Interruption.Verdict {
        Interruption.judge(text: text, speechMs: speechMs, agentAsked: agentAsked)
    }

    @Test(arguments: [
        "stop", "no", "wait please", "hold on", "hello", "one moment", "can you repeat that please", "i would like to speak to an operator",
        "yes please", "no thank you", "could you slow down a little", "sorry", "what", "that's wrong", "seven three one five", "Stop!", "5 5 5",
        "1 2 3", "six five", "555", "ABC",
    ])
    func requestsAndWholeSentencesTakeTheTurn(text: String) {
        #expect(judge(text) == .floor)
    }

    @Test(arguments: [
        "mm-hm", "Mm-hmm.", "mhm", "uh-huh", "okay", "right", "Okay, right.", "yeah", "i see", "emma emma", "price", "two", "Yeah, yeah, yeah, yeah.",
        "Mm-hmm, mm-hmm.", "Okay. Okay. Right. Okay.", "Uh-huh. Uh-huh. Uh-huh.", "Yes, yes, yes, yes, yes.",
    ])
    func wordsOfAListenerLetTheAgentGoOn(text: String) {
        #expect(judge(text) == .backchannel)
    }

    @Test(arguments: ["yes", "okay", "mm-hm", "friday", "two"])
    func theyAreAnswersWhenTheAgentAsked(text: String) {
        #expect(judge(text, agentAsked: true) == .floor)
    }

    @Test func burstsAreNotMeant() {
        #expect(judge("robert", speechMs: 288) == .tooShort)
        #expect(judge("robert", speechMs: 288, agentAsked: true) == .tooShort)
        #expect(judge("", speechMs: 900, agentAsked: true) == .noWords)
        #expect(judge("...", speechMs: 900) == .noWords)
    }

    @Test func decisiveWordsAreMeantHoweverShort() {
        #expect(judge("stop", speechMs: 128) == .floor)
    }
}
