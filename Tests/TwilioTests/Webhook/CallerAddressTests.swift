import Testing
import Twilio

@Suite struct CallerAddressTests {
    @Test(arguments: ["+14155551234", "+12", "+123456789012345", " +442071838750 "])
    func internationalNumbersAreNumbers(raw: String) {
        #expect(CallerAddress(raw) == .e164(raw.filter { $0 != " " }))
    }

    @Test(arguments: [
        "", "  ", "anonymous", "Anonymous", "ANONYMOUS", "Restricted", "unknown", "Unavailable", "blocked", "private", "+266696687", "+7378742833",
        "+2562533", "+8656696", "+86282452253", "266696687", "sip:anonymous@anonymous.invalid", "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
    ])
    func withheldNumbersAreAnonymous(raw: String) {
        #expect(CallerAddress(raw) == .anonymous)
    }

    @Test(arguments: ["sip:alice@10.0.0.1:5060;transport=udp", "SIP:alice@example.com", "sips:a@b", "\"Alice\" <sip:alice@example.com>"])
    func sipAddressesAreKeptWhole(raw: String) {
        #expect(CallerAddress(raw) == .sip(raw))
    }

    @Test func clientsAreKnownByTheirIdentity() {
        #expect(CallerAddress("client:zoë") == .client("zoë"))
        #expect(CallerAddress("client:+14155551234") == .client("+14155551234"))
    }

    @Test(arguments: [
        "+0123456789", "12345", "5551234", "+1 (415) 555-1234", "0014155551234", "+14155551234;ext=5", " 14155551234", "+1", "+1234567890123456", "+",
        "+١٢٣٤٥", "+1415555123a", "my client: bob",
    ])
    func everythingElseIsOther(raw: String) {
        #expect(CallerAddress(raw) == .other(raw.hasPrefix(" ") ? String(raw.dropFirst()) : raw))
    }
}
