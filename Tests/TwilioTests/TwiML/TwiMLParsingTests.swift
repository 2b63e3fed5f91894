import Testing
import Twilio

@Suite struct TwiMLParsingTests {
    private func code(_ xml: String) -> Int? { fault(xml)?.code }

    private func fault(_ xml: String) -> TwiMLError? {
        do throws(TwiMLError) {
            _ = try TwiML(parsing: xml)
            return nil
        } catch {
            return error
        }
    }

    @Test func otherSpellingsOfTheSameAreRead() throws {
        let xml = """
            <?xml version='1.0'?>
            <!-- by hand -->
            <Response>
              <Say language="en-GB"><![CDATA[a < b]]> &amp; c</Say>
              <Pause/>
              <Connect>
                <Stream statusCallbackMethod="POST" url="wss://h/s?token=lost#x"></Stream>
              </Connect>
              <Redirect> /again </Redirect>
              <Hangup></Hangup>
            </Response>
            """
        let expected: [TwiML.Verb] = [
            .say("a < b & c", voice: nil, language: "en-GB"), .pause(seconds: 1), .connect(.init(url: "wss://h/s")),
            .redirect(url: "/again", method: nil), .hangup,
        ]
        #expect(try TwiML(parsing: xml).verbs == expected)
        #expect(try TwiML(parsing: "<Response/>").verbs == [])
    }

    @Test(arguments: [
        "", " ", "hello", "<Response>", "<Response><Say>x</Response>", "<Response></response>", "<response/>", "<Say>x</Say>",
        " <?xml version=\"1.0\"?><Response/>",
        "<Response><Say>a & b</Say></Response>", "<Response/><Response/>", "<Response><Say voice=alice>x</Say></Response>", "{}",
        "<Response><Say voice=\"a\" voice=\"b\">x</Say></Response>", "<Response>\u{1}</Response>",
        "<!DOCTYPE r [<!ENTITY a \"b\">]><Response><Say>&a;</Say></Response>",
        "<!-- <Response/> --><!DOCTYPE r [<!ENTITY a \"b\">]><Response><Say>&a;</Say></Response>", "<?x?><Response/>",
        "<Response><?x y?></Response>",
        "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><Response/>", "<Response><Say>&nosuch;</Say></Response>",
    ])
    func whatIsNoDocumentIs12100(xml: String) {
        #expect(code(xml) == 12100)
    }

    @Test(arguments: [
        "<say>x</say>", "<Speak>x</Speak>", "<Say Voice=\"a\">x</Say>", "<Hangup reason=\"x\"/>", "<Hangup>x</Hangup>", "text",
        "<Pause length=\"-1\"/>",
        "<Pause length=\"x\"/>", "<Redirect method=\"PUT\">x</Redirect>", "<Reject reason=\"tired\"/>", "<Connect/>", "<Connect><Foo/></Connect>",
        "<Connect><Stream url=\"wss://h/s\"/><Stream url=\"wss://h/s\"/></Connect>", "<Connect><Stream url=\"wss://h/s\" speed=\"2\"/></Connect>",
        "<Connect><Stream url=\"wss://h/s\"><Parameter name=\"a\"/></Stream></Connect>",
        "<Connect><Stream url=\"wss://h/s\"><Parameter value=\"a\"/></Stream></Connect>",
        "<Connect><Stream url=\"wss://h/s\"><Other/></Stream></Connect>",
        "<Dial/>", "<Dial> </Dial>", "<Dial><Number/></Dial>", "<Dial>+1415<Number>+1416</Number></Dial>", "<Dial><Say>x</Say></Dial>",
        "<Dial callerID=\"+1\">+1415</Dial>", "<Dial timeout=\"soon\">+1415</Dial>", "<Dial method=\"PUT\">+1415</Dial>",
        "<Play digits=\"\"/>", "<Play digits=\"12a\"/>", "<Play digits=\"1\" loop=\"2\"/>", "<Play digits=\"1\">https://h/a.wav</Play>",
    ])
    func whatTheSchemaDoesNotAllowIs12200(content: String) {
        #expect(code("<Response>\(content)</Response>") == 12200)
    }

    @Test(arguments: [
        ("<Gather numDigits=\"1\"/>", "<Gather>"), ("<Dial record=\"true\">+1415</Dial>", "<Dial record>"), ("<Record/>", "<Record>"),
        ("<Connect><ConversationRelay url=\"wss://h\"/></Connect>", "<ConversationRelay>"), ("<Start><Siprec/></Start>", "<Siprec>"),
        ("<Connect action=\"/x\"><Stream url=\"wss://h/s\"/></Connect>", "<Connect action>"), ("<Say><break/></Say>", "<break>"),
        ("<Dial><Conference>room</Conference></Dial>", "<Conference>"),
        ("<Dial><Number sendDigits=\"1\">+1415</Number></Dial>", "<Number sendDigits>"),
    ])
    func whatTheSimulatorCannotRunIsNamed(content: String, name: String) {
        let message = fault("<Response>\(content)</Response>")?.message ?? ""
        #expect(message.contains(name))
        #expect(message.contains("not supported by the simulator"))
    }

    @Test func numbersAreDialedFromTextAndFromNouns() throws {
        let xml = """
            <Response>
              <Dial timeout="10" callerId="+14155550100"> +14155550123 </Dial>
              <Dial><Number>+14155550124</Number></Dial>
              <Dial action="/done" method="GET">
                <Number> +14155550125 </Number>
                <Sip>sip:desk@example.com</Sip>
              </Dial>
              <Play digits="ww12#"/>
            </Response>
            """
        let expected: [TwiML.Verb] = [
            .dial(.init([.number("+14155550123")], callerID: "+14155550100", timeoutSeconds: 10)), .dial(.init([.number("+14155550124")])),
            .dial(.init([.number("+14155550125"), .sip("sip:desk@example.com")], action: "/done", method: "GET")), .playDigits("ww12#"),
        ]
        #expect(try TwiML(parsing: xml).verbs == expected)
    }

    @Test func moreThanTenAtOnceAreNotDialed() {
        let nouns = { (count: Int) in String(repeating: "<Number>+14155550123</Number>", count: count) }
        #expect(code("<Response><Dial>\(nouns(10))</Dial></Response>") == nil)
        #expect(code("<Response><Dial>\(nouns(11))</Dial></Response>") == 12200)
    }

    @Test(arguments: [
        ("ws://h/s", 31922), ("https://h/s", 31922), ("", 31923), ("/s", 31923), ("h/s", 31923), ("wss://", 31923), ("wss:///s", 31923),
        ("wss://h/a b", 31923), ("wss://h/é", 31923),
    ])
    func streamsGoToSecureSocketsAlone(url: String, expected: Int) {
        #expect(code("<Response><Connect><Stream url=\"\(url)\"/></Connect></Response>") == expected)
        #expect(code("<Response><Start><Stream url=\"\(url)\"/></Start></Response>") == expected)
    }

    @Test(arguments: [("Connect", "both_tracks"), ("Connect", "outbound_track"), ("Connect", "inbound"), ("Start", "inbound"), ("Start", "")])
    func aTrackThatIsNotOfferedIs31941(verb: String, track: String) {
        #expect(code("<Response><\(verb)><Stream url=\"wss://h/s\" track=\"\(track)\"/></\(verb)></Response>") == 31941)
    }

    @Test(arguments: ["<Start/>", "<Start>x</Start>", "<Start><Say>x</Say></Start>"])
    func startTakesStreamsAlone(content: String) {
        #expect(code("<Response>\(content)</Response>") == 14300)
    }

    @Test func parametersAreShortTogether() throws {
        let document = { (length: Int) in
            TwiML([.connect(.init(url: "wss://h/s", parameters: [.init("name", String(repeating: "é", count: length))]))])
        }
        #expect(try TwiML(parsing: document(495).xml) == document(495))
        #expect(code(document(496).xml) == 12200)
    }

    @Test func sixtyFourKilobytesAreTheMost() throws {
        let longest = { (size: Int) in TwiML([.say(String(repeating: "x", count: size - TwiML([.say("", voice: nil)]).xml.utf8.count), voice: nil)]) }
        #expect(try TwiML(parsing: longest(TwiML.maximumSize).xml) == longest(TwiML.maximumSize))
        #expect(code(longest(TwiML.maximumSize + 1).xml) == 11750)
    }

    @Test func deepElementsAreRefusedBeforeTheyCostAnything() {
        #expect(code(String(repeating: "<a>", count: 10_000)) != nil)
        #expect(code("<Response>" + String(repeating: "<a>", count: 5_000) + String(repeating: "</a>", count: 5_000) + "</Response>") == 12200)
    }

    @Test func errorsReadAsTwilioLogsThem() {
        #expect(fault("<Response><Sing/></Response>")?.description == "Twilio error 12200: <Sing> is not allowed in <Response>")
    }
}
