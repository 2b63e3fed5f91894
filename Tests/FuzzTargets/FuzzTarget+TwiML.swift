import Twilio

extension FuzzTarget {
    /// Documents: what was read can be written and read again.
    static let twiMLDocument = FuzzTarget(
        name: "twiml-document",
        seeds: [
            Array(
                TwiML([
                    .say("a & b", voice: "alice"), .connect(.init(url: "wss://h/s", parameters: [.init("a", "b")])), .pause(seconds: 2),
                    .redirect(url: "/x", method: "POST"), .hangup,
                ]).xml.utf8
            ),
            Array(
                TwiML([
                    .playDigits("ww1#"), .dial(.init([.number("+14155550123")], callerID: "+1", timeoutSeconds: 30)),
                    .dial(.init([.number("+1"), .sip("sip:a@b")], action: "/x", method: "GET")),
                ]).xml.utf8
            ),
            Array("<?x?><Response/>".utf8), Array("<!-- <Response --><!DOCTYPE a [<!ENTITY b 'c'>]><Response><Say>&b;</Say></Response>".utf8),
            Array("<Response><Say>a<![CDATA[<b>]]>&#x41;</Say><Reject reason='busy'/><Play loop=\"0\">u</Play></Response>".utf8),
        ],
        alphabet: "<>/&;#x\"'= ?!-[]"
    ) { bytes in
        guard let document = try? TwiML(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
        let again = try? TwiML(parsing: document.xml)
        try BrokenPromise.unless(again == document, "\(document) was read again as \(String(describing: again))")
    }

    /// Texts of callers and settings: whatever they hold, the document around them stays what it was.
    static let twiMLText = FuzzTarget(
        name: "twiml-text",
        seeds: ["Connecting to agent.", "</Say><Hangup/>", "]]>&amp;<!--", "a\"b'c\u{0}\u{B}\u{FFFE}\r\n\té😀"].map { Array($0.utf8) },
        alphabet: "<>/&;\"'= ?!-[]\u{0}\r\n\t"
    ) { bytes in
        // Of a parameter Twilio takes 500 characters at most.
        let text = String(String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(400))
        // A blank text is no speech to Twilio; a letter before and after it keeps the verb and shows that nothing is lost at the ends.
        let said = ".\(text)."
        let stream = TwiML.Stream(url: "wss://h/s", parameters: [.init("name", text)])
        let document = TwiML([.say(said, voice: text), .connect(stream), .hangup])
        guard document.xml.utf8.count <= TwiML.maximumSize else { return }
        guard let read = try? TwiML(parsing: document.xml) else { throw BrokenPromise(description: "no document any more: \(document.xml)") }
        let kept = printable(text)
        let expected = TwiML([
            .say(".\(kept).", voice: kept), .connect(.init(url: "wss://h/s", parameters: [.init("name", kept)])), .hangup,
        ])
        try BrokenPromise.unless(read == expected, "\(expected) came out as \(read)")
    }

    /// The text without what XML 1.0 cannot hold.
    private static func printable(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 9, 10, 13, 0x20..<0xFFFE, 0x10000...: kept.append(scalar)
            default: break
            }
        }
        return String(kept)
    }
}
