import Testing

@testable import VoiceServer

/// Telephone numbers where the operator wants none in the log.
@Suite struct NumberMaskTests {
    private let mask = NumberMask(isOn: true)

    @Test(arguments: [
        ("+14155551234", "+1415*****34"), ("+4915112345678", "+4915*******78"), ("+35312345", "+3*****45"),
        ("+3531234", "+*******"), ("12345", "*****"),
        ("(415) 555-1234", "(415) ***-**34"), ("anonymous", "anonymous"), ("", ""),
        ("sip:+14155551234@pbx.example.com;user=phone", "sip:+1415*****34@pbx.example.com;user=phone"),
        ("\"Alice\" <sips:alice@example.com>", "\"Alice\" <sips:*****@example.com>"), ("client:alice", "client:alice"),
        ("client:+14155551234", "client:+1415*****34"),
    ])
    func anAddressShowsWhereItIsFromAndNotWhose(address: String, shown: String) {
        #expect(mask.address(address) == shown)
    }

    @Test(arguments: [
        ("no call from +14155551234 today", "no call from +1415*****34 today"), ("/calls?From=%2B14155551234", "/calls?From=%2B1415*****34"),
        ("+1 415 555 12 34", "+1 415 *** ** 34"), ("4155551234", "415*****34"), ("twilio-CA14155551234", "twilio-CA14155551234"),
        ("2026-11-26 12:15:10", "2026-11-26 12:15:10"), ("192.168.100.200:8000", "192.168.100.200:8000"),
        ("sip:bob@host failed", "sip:*****@host failed"),
        ("port 8000", "port 8000"), ("+5", "+5"), ("+1 (415) 555-1234, ok", "+1 (415) ***-**34, ok"), ("+12 3 - 4567", "+12 3 - 4567"),
        ("SIP:+14155551234@h and sips:x no sip:bob@h", "SIP:+*********34@h and sips:x no sip:*****@h"), ("sip:sip:bob@h", "sip:*****@h"),
    ])
    func aNumberIsFoundInAText(text: String, shown: String) {
        #expect(mask.text(text) == shown)
    }

    @Test func aLongTextIsReadOnce() {
        let text = String(repeating: "sip:sip:+1 ", count: 20_000)
        #expect(mask.text(text) == text)
    }

    @Test func nothingIsHiddenUnlessAskedFor() {
        #expect(NumberMask(isOn: false).address("+14155551234") == "+14155551234")
        #expect(NumberMask(isOn: false).text("from +14155551234") == "from +14155551234")
    }
}
