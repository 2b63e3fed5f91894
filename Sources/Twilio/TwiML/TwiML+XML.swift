extension TwiML {
    /// The document as XML.
    package var xml: String {
        var xml = XMLText()
        xml.append(markup: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>")
        for verb in verbs { verb.write(to: &xml) }
        xml.close("Response")
        return xml.text
    }
}

extension TwiML.Verb {
    fileprivate func write(to xml: inout XMLText) {
        switch self {
        case .say(let text, let voice, let language): xml.append("Say", [("voice", voice), ("language", language)], text: text)
        case .play(let url, let loop): xml.append("Play", [("loop", loop == 1 ? nil : String(loop))], text: url)
        case .playDigits(let digits): xml.append("Play", [("digits", digits)])
        case .pause(let seconds): xml.append("Pause", [("length", String(seconds))])
        case .connect(let stream): write("Connect", around: stream, to: &xml)
        case .start(let stream): write("Start", around: stream, to: &xml)
        case .dial(let dial): dial.write(to: &xml)
        case .gather(let gather):
            xml.open("Gather", gather.attributes)
            for verb in gather.verbs { verb.write(to: &xml) }
            xml.close("Gather")
        case .redirect(let url, let method): xml.append("Redirect", [("method", method)], text: url)
        case .hangup: xml.append("Hangup")
        case .reject(let reason): xml.append("Reject", [("reason", reason)])
        }
    }

    private func write(_ name: String, around stream: TwiML.Stream, to xml: inout XMLText) {
        let attributes: [XMLText.Attribute] = [
            ("url", stream.url), ("name", stream.name), ("track", stream.track), ("statusCallback", stream.statusCallback),
        ]
        xml.open(name)
        if stream.parameters.isEmpty {
            xml.append("Stream", attributes)
        } else {
            xml.open("Stream", attributes)
            for parameter in stream.parameters { xml.append("Parameter", [("name", parameter.name), ("value", parameter.value)]) }
            xml.close("Stream")
        }
        xml.close(name)
    }
}
