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
        "<Dial answerOnBridge=\"yes\">+1415</Dial>", "<Dial timeLimit=\"x\">+1415</Dial>", "<Dial><Conference/></Dial>",
        "<Dial><Conference>a</Conference><Number>+1415</Number></Dial>", "<Dial><Conference>a</Conference><Conference>b</Conference></Dial>",
        "<Dial><Number statusCallbackEvent=\"rings\">+1415</Number></Dial>", "<Dial><Number machineDetection=\"true\">+1415</Number></Dial>",
        "<Dial><Conference beep=\"loud\">a</Conference></Dial>", "<Dial><Conference statusCallbackEvent=\"begin\">a</Conference></Dial>",
        "<Gather numDigits=\"0\"/>", "<Gather finishOnKey=\"12\"/>", "<Gather finishOnKey=\"a\"/>", "<Gather input=\"keys\"/>", "<Gather>x</Gather>",
        "<Gather><Hangup/></Gather>", "<Gather><Play digits=\"1\"/></Gather>", "<Gather><Gather/></Gather>", "<Gather timeout=\"auto\"/>",
        "<Play digits=\"\"/>", "<Play digits=\"12a\"/>", "<Play digits=\"1\" loop=\"2\"/>", "<Play digits=\"1\">https://h/a.wav</Play>",
    ])
    func whatTheSchemaDoesNotAllowIs12200(content: String) {
        #expect(code("<Response>\(content)</Response>") == 12200)
    }

    @Test(arguments: [
        ("<Gather input=\"speech\"/>", "<Gather input"), ("<Gather input=\"dtmf speech\"/>", "<Gather input"),
        ("<Gather hints=\"a\"/>", "<Gather hints>"), ("<Dial record=\"true\">+1415</Dial>", "<Dial record>"), ("<Record/>", "<Record>"),
        ("<Connect><ConversationRelay url=\"wss://h\"/></Connect>", "<ConversationRelay>"), ("<Start><Siprec/></Start>", "<Siprec>"),
        ("<Connect action=\"/x\"><Stream url=\"wss://h/s\"/></Connect>", "<Connect action>"), ("<Say><break/></Say>", "<break>"),
        ("<Dial><Conference record=\"record-from-start\">room</Conference></Dial>", "<Conference record>"),
        ("<Dial><Client>desk</Client></Dial>", "<Client>"), ("<Dial hangupOnStar=\"true\">+1415</Dial>", "<Dial hangupOnStar>"),
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

    @Test func whatIsDoneOnALegIsReadFromItsNoun() throws {
        let xml = """
            <Response>
              <Dial answerOnBridge="true" ringTone="de" sequential="true" timeLimit="600">
                <Number url="/screen" method="GET" statusCallback="/status" statusCallbackEvent=" initiated  answered "
                  statusCallbackMethod="POST" machineDetection="Enable" amdStatusCallback="/amd">+14155550123</Number>
                <Sip url="/screen">sip:desk@example.com</Sip>
              </Dial>
              <Dial action="/after">
                <Conference startConferenceOnEnter="false" endConferenceOnExit="true" beep="false" waitUrl="" statusCallback="/room"
                  statusCallbackEvent="start end join leave" participantLabel="caller"> room 1 </Conference>
              </Dial>
              <Dial><Conference>room 1</Conference></Dial>
            </Response>
            """
        let leg = TwiML.Dial.Leg(
            url: "/screen",
            method: "GET",
            statusCallback: "/status",
            statusCallbackEvents: ["initiated", "answered"],
            statusCallbackMethod: "POST",
            machineDetection: "Enable",
            amdStatusCallback: "/amd"
        )
        let parties: [TwiML.Dial.Party] = [.number("+14155550123", leg), .sip("sip:desk@example.com", .init(url: "/screen"))]
        let room = TwiML.Dial.Conference(
            name: "room 1",
            startOnEnter: false,
            endOnExit: true,
            beep: "false",
            waitURL: "",
            statusCallback: "/room",
            statusCallbackEvents: ["start", "end", "join", "leave"],
            participantLabel: "caller"
        )
        let expected: [TwiML.Verb] = [
            .dial(.init(parties, answerOnBridge: true, ringTone: "de", sequential: true, timeLimitSeconds: 600)),
            .dial(.init([.conference(room)], action: "/after")), .dial(.init([.conference(.init(name: "room 1"))])),
        ]
        #expect(try TwiML(parsing: xml).verbs == expected)
        #expect(TwiML.Dial.Party.conference(room).address == "room 1")
    }

    @Test func aRingingThatIsNoCountrysIs13220() {
        #expect(code("<Response><Dial ringTone=\"xx\">+1415</Dial></Response>") == 13220)
    }

    @Test func keysAreGatheredWhileAPromptIsHeard() throws {
        let xml = """
            <Response>
              <Gather input="dtmf" numDigits="1" timeout="6" finishOnKey="" action="/key" method="POST" actionOnEmptyResult="true">
                <Say>Press 1.</Say><Pause/><Play>/ding.wav</Play>
              </Gather>
              <Gather/>
            </Response>
            """
        let gather = TwiML.Gather(
            [.say("Press 1.", voice: nil), .pause(seconds: 1), .play(url: "/ding.wav", loop: 1)],
            numDigits: 1,
            timeoutSeconds: 6,
            finishOnKey: "",
            action: "/key",
            method: "POST",
            actionOnEmptyResult: true
        )
        #expect(try TwiML(parsing: xml).verbs == [.gather(gather), .gather(.init())])
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
