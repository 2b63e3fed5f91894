import Testing
import Twilio

@Suite struct TwiMLWritingTests {
    private let head = #"<?xml version="1.0" encoding="UTF-8"?><Response>"#

    @Test func theAnswerToACallIsSpelledAsPromised() {
        let stream = TwiML.Stream(url: "wss://h/api/voice/twilio/stream/twilio-CA1", parameters: [.init("token", "t")], statusCallback: "https://h/s")
        let document = TwiML([
            .say("Connecting to agent.", voice: "alice"), .connect(stream), .redirect(url: "https://h/in?a=1&b=2", method: "POST"), .hangup,
        ])
        #expect(
            document.xml == head + #"<Say voice="alice">Connecting to agent.</Say><Connect>"#
                + #"<Stream url="wss://h/api/voice/twilio/stream/twilio-CA1" statusCallback="https://h/s"><Parameter name="token" value="t" /></Stream>"#
                + #"</Connect><Redirect method="POST">https://h/in?a=1&amp;b=2</Redirect><Hangup /></Response>"#
        )
    }

    @Test func everyOtherVerbIsSpelledAsPromised() {
        let document = TwiML([
            .say("x", voice: nil), .play(url: "https://h/a.wav", loop: 1), .play(url: "https://h/a.wav", loop: 0), .pause(seconds: 40),
            .start(.init(url: "wss://h/s", track: "both_tracks")), .redirect(url: "", method: nil), .reject(reason: "busy"), .reject(reason: nil),
        ])
        #expect(
            document.xml == head + #"<Say>x</Say><Play>https://h/a.wav</Play><Play loop="0">https://h/a.wav</Play><Pause length="40" />"#
                + #"<Start><Stream url="wss://h/s" track="both_tracks" /></Start><Redirect></Redirect><Reject reason="busy" /><Reject /></Response>"#
        )
        let transfer = TwiML([.dial(.init([.number("+14155550123")], callerID: "+14155550100", timeoutSeconds: 30)), .playDigits("ww12#")])
        #expect(
            transfer.xml == head + #"<Dial callerId="+14155550100" timeout="30">+14155550123</Dial><Play digits="ww12#" /></Response>"#
        )
        #expect(TwiML([]).xml == head + "</Response>")
    }

    @Test func callControlIsSpelledAsPromised() {
        let screen = TwiML.Dial.Leg(url: "https://h/screen", statusCallback: "https://h/leg", statusCallbackEvents: ["initiated", "completed"])
        let ring = TwiML([.dial(.init([.number("+14155550123", screen)], timeoutSeconds: 20, action: "https://h/done", answerOnBridge: true))])
        #expect(
            ring.xml == head + #"<Dial timeout="20" action="https://h/done" answerOnBridge="true"><Number url="https://h/screen" "#
                + #"statusCallback="https://h/leg" statusCallbackEvent="initiated completed">+14155550123</Number></Dial></Response>"#
        )
        let room = TwiML.Dial.Conference(name: "r", startOnEnter: false, endOnExit: true, beep: "false", waitURL: "", statusCallbackEvents: ["join"])
        #expect(
            TwiML([.dial(.init([.conference(room)]))]).xml == head + #"<Dial><Conference startConferenceOnEnter="false" endConferenceOnExit="true" "#
                + #"beep="false" waitUrl="" statusCallbackEvent="join">r</Conference></Dial></Response>"#
        )
        let gather = TwiML.Gather([.say("Press 1.", voice: nil)], numDigits: 1, timeoutSeconds: 6, action: "/key")
        #expect(
            TwiML([.gather(gather), .hangup]).xml == head
                + #"<Gather numDigits="1" timeout="6" action="/key"><Say>Press 1.</Say></Gather><Hangup /></Response>"#
        )
    }

    @Test func textCannotBecomeMarkup() {
        let xml = TwiML([.say("</Say><Hangup/>&\"'", voice: "x\"><Hangup/>")]).xml
        #expect(
            xml == head
                + #"<Say voice="x&quot;&gt;&lt;Hangup/&gt;">&lt;/Say&gt;&lt;Hangup/&gt;&amp;&quot;&apos;</Say></Response>"#
        )
    }

    @Test func charactersThatXMLForbidsAreDropped() throws {
        let xml = TwiML([.say("a\u{0}\u{8}\u{1B}\u{FFFE}\u{FFFF}b\tc\nd", voice: "v\u{1}")]).xml
        #expect(try TwiML(parsing: xml).verbs == [.say("ab\tc\nd", voice: "v")])
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let hostile = "</Say><Hangup/> & \"quotes\" 'n' ]]> <!-- é😀 \t\r\n &amp; \u{85}"
        let stream = TwiML.Stream(
            url: "wss://h.example:8443/s/CA1",
            track: "inbound_track",
            parameters: [.init("z", hostile), .init(hostile, ""), .init("z", "again")],
            statusCallback: "https://h/s?a=1&b=2",
            name: "n \"1\""
        )
        let leg = TwiML.Dial.Leg(
            url: hostile,
            method: "GET",
            statusCallback: hostile,
            statusCallbackEvents: TwiML.Dial.Leg.events,
            statusCallbackMethod: "POST",
            machineDetection: "DetectMessageEnd",
            amdStatusCallback: hostile
        )
        let room = TwiML.Dial.Conference(
            name: ".\(hostile).",
            startOnEnter: false,
            endOnExit: true,
            beep: "onEnter",
            waitURL: hostile,
            waitMethod: "GET",
            statusCallback: hostile,
            statusCallbackEvents: ["start", "leave"],
            participantLabel: hostile
        )
        let prompt: [TwiML.Verb] = [.say(hostile, voice: hostile), .play(url: "https://h/a?b=c&d", loop: 3), .pause(seconds: 2)]
        let gather = TwiML.Gather(
            prompt,
            numDigits: 4,
            timeoutSeconds: 9,
            finishOnKey: "*",
            action: hostile,
            method: "GET",
            actionOnEmptyResult: true
        )
        let document = TwiML([
            .dial(
                .init([.number("+1", leg), .sip("sip:a@b", leg)], answerOnBridge: true, ringTone: "us-old", sequential: true, timeLimitSeconds: 9)
            ),
            .dial(.init([.conference(room)])), .dial(.init([.conference(.init(name: "r"))])), .gather(gather), .gather(.init(finishOnKey: "")),
            .say(hostile, voice: hostile), .connect(stream), .start(stream), .play(url: "https://h/a?b=c&d", loop: 3), .pause(seconds: 0),
            .playDigits("0123456789*#wW"),
            .dial(.init([.number(".\(hostile).")], callerID: hostile, timeoutSeconds: 0, action: hostile, method: "GET")),
            .dial(.init([.sip(".\(hostile)."), .number("+1")])), .dial(.init([.sip("sip:a@b")])),
            .redirect(url: "/again?x=<>", method: "GET"), .redirect(url: "", method: nil), .reject(reason: "rejected"), .reject(reason: nil), .hangup,
        ])
        #expect(try TwiML(parsing: document.xml) == document)
    }
}
