import Testing
import Twilio

@Suite struct WebhookParametersTests {
    private func parse(_ text: String) -> [WebhookParameters.Pair] {
        WebhookParameters(formEncoded: Array(text.utf8)).pairs
    }

    @Test func aFormIsDecodedInOrderWithRepeats() {
        let expected: [WebhookParameters.Pair] = [.init("From", "+1415"), .init("ToCity", "SAN FRANCISCO"), .init("From", ""), .init("a=b", "c=d&")]
        #expect(parse("From=%2B1415&ToCity=SAN+FRANCISCO&From=&a%3db=c=d%26") == expected)
    }

    @Test func aPlusThatWasNotEscapedIsASpace() {
        #expect(parse("From=+1415") == [.init("From", " 1415")])
    }

    @Test(arguments: [("a=%", "%"), ("a=%2", "%2"), ("a=%zz", "%zz"), ("a=%%41", "%A"), ("a=%+1", "% 1"), ("a=100%25", "100%")])
    func badEscapesAreKept(text: String, value: String) {
        #expect(parse(text) == [.init("a", value)])
    }

    @Test func badUTF8IsRepaired() {
        #expect(parse("a=x%FFy&b=%C3%A9") == [.init("a", "x\u{FFFD}y"), .init("b", "é")])
    }

    @Test func pairsWithoutANameAreDropped() {
        #expect(parse("&&=1&a&b=&") == [.init("a", ""), .init("b", "")])
        #expect(parse("") == [])
    }

    @Test func aThousandPairsAreEnough() {
        let pairs = parse((0..<5_000).map { "k\($0)=v" }.joined(separator: "&"))
        #expect(pairs.count == WebhookParameters.maximumPairs)
        #expect(pairs.last == .init("k999", "v"))
    }

    @Test func theFirstValueThatIsNotBlankCounts() {
        let parameters = WebhookParameters(formEncoded: "CallSid=&CallSid=%20%09&CallSid=CA1&CallSid=CA2&To=".utf8)
        #expect(parameters["CallSid"] == "CA1")
        #expect(parameters["To"] == nil)
        #expect(parameters["callsid"] == nil)
        #expect(parameters.contains("To"))
    }

    @Test func whatIsEncodedIsDecodedAgain() {
        let parameters = WebhookParameters([
            .init("From", "+15005550001"), .init("a&b=c", " Zoë + 100% \u{0}\n"), .init("empty", ""), .init("😀", "~*-._"),
        ])
        #expect(WebhookParameters(formEncoded: parameters.formEncoded.utf8) == parameters)
        #expect(WebhookParameters([.init("a b", "+\n")]).formEncoded == "a+b=%2B%0A")
    }
}
