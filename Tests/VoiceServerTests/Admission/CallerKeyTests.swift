import Testing

@testable import VoiceServer

/// One caller, one key.
@Suite struct CallerKeyTests {
    @Test(arguments: [
        "+14155551234", " 14155551234", "%2B14155551234", "+1 (415) 555-1234", "14155551234", "+1.415.555.1234", "  +14155551234 ",
        "+1%20415%20555%201234",
    ])
    func howANumberIsWrittenMakesNoDifference(text: String) {
        #expect(CallerKey.key(of: text) == "+14155551234")
    }

    @Test(arguments: ["", "anonymous", "Restricted", "+266696687", "266696687", "sip:anonymous@anonymous.invalid"])
    func withheldNumbersAreNobodys(text: String) {
        #expect(CallerKey.key(of: text) == nil)
    }

    @Test(arguments: [
        ("client:Alice", "client:Alice"), ("sip:Bob@Example.com:5060;transport=udp", "sip:bob@example.com:5060"),
        (#""Bob" <sip:bob@example.com>;tag=1"#, "sip:bob@example.com"), ("72345", "72345"), ("Front Desk", "front desk"), ("+0123456", "+0123456"),
        ("100%", "100%"),
    ])
    func otherAddressesHaveKeysToo(text: String, key: String) {
        #expect(CallerKey.key(of: text) == key)
    }
}
