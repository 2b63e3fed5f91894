import Testing

@testable import VoiceServer

/// Who answers which number.
@Suite struct AgentBookTests {
    private func book(_ text: String) -> AgentBook {
        AgentBook(SampleAgentFile.read(text).file)
    }

    @Test func aNumberIsAnsweredHoweverItIsSpelled() {
        let book = book(SampleAgentFile.text)
        for number in ["+14155550100", " +1 (415) 555-0100 ", "+1.415.555.0100", "sip:booking@example.com", "<sip:BOOKING@example.com;user=phone>"] {
            #expect(book.agent(forNumber: number)?.name == "booking", "\(number)")
        }
    }

    @Test func allOtherNumbersAreAnsweredByTheAgentWithoutAny() {
        let book = book(SampleAgentFile.text)
        for number in ["+14155550101", "14155550100", "", "sip:other@example.com"] {
            #expect(book.agent(forNumber: number)?.name == "reception", "\(number)")
        }
        #expect(self.book("agents: [{name: a, numbers: '+1415'}]").agent(forNumber: "+1416") == nil)
        #expect(self.book("").agent(forNumber: "+1416") == nil)
    }

    @Test func aNewContentTakesThePlaceOfTheOldAsAWhole() {
        let book = book("agents: [{name: a}]")
        #expect(book.generation == 1 && book.agent(named: "a") != nil)
        book.replace(with: SampleAgentFile.read("agents: [{name: b, numbers: '+1415'}]").file)
        #expect(book.generation == 2 && book.agents.map(\.name) == ["b"] && book.agent(named: "a") == nil)
        #expect(book.agent(forNumber: "+1416") == nil)
    }
}
