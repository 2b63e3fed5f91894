extension TwiML {
    /// Parses a document as Twilio would, naming Twilio's error code for what it would refuse.
    ///
    /// Attributes that only change how a voice sounds are accepted and not kept. TwiML that the simulator cannot run is refused by
    /// name, since a call that skips it would prove nothing.
    package init(parsing xml: String) throws(TwiMLError) {
        guard xml.utf8.count <= Self.maximumSize else { throw .tooLarge("the document has \(xml.utf8.count) bytes, over \(Self.maximumSize)") }
        let root = try XMLTree(document: xml)
        guard root.name == "Response" else { throw .notXML("the root is <\(root.name)>, not <Response>") }
        try root.allow(attributes: [])
        guard !root.hasText else { throw .notSchema("<Response> holds text outside every verb") }
        var verbs: [Verb] = []
        for element in root.children { verbs.append(try Verb(element)) }
        self.init(verbs)
    }
}

extension TwiML.Verb {
    /// Verbs and nouns of TwiML that the simulator does not run.
    private static let unsupported: Set<String> = [
        "Record", "Enqueue", "Leave", "Stop", "Pay", "Prompt", "Refer", "Sms", "Message", "Queue",
        "Recording", "Siprec", "Transcription", "ConversationRelay", "ConversationRelaySession", "VirtualAgent", "AiSession", "Assistant",
        "Autopilot", "Room", "Conversation", "Client", "Sim", "Application", "WhatsApp",
    ]

    /// Reads one element under `<Response>` or `<Gather>`.
    init(_ element: XMLTree) throws(TwiMLError) {
        switch element.name {
        case "Say": self = try Self.say(element)
        case "Play": self = try Self.play(element)
        case "Pause": self = try Self.pause(element)
        case "Connect": self = .connect(try TwiML.Stream(onlyNounOf: element))
        case "Start": self = .start(try TwiML.Stream(onlyNounOf: element))
        case "Dial": self = .dial(try TwiML.Dial(element))
        case "Gather": self = .gather(try TwiML.Gather(element))
        case "Redirect": self = try Self.redirect(element)
        case "Hangup":
            try element.allow(attributes: [])
            try element.requireEmpty()
            self = .hangup
        case "Reject": self = try Self.reject(element)
        default: throw Self.refusal(of: element.name, in: "Response")
        }
    }

    /// What is wrong with an element that does not belong where it stands.
    static func refusal(of name: String, in parent: String) -> TwiMLError {
        if unsupported.contains(name) { return .notSchema("<\(name)> is not supported by the simulator") }
        return parent == "Start" ? .badNoun("<\(name)> is not a noun of <Start>") : .notSchema("<\(name)> is not allowed in <\(parent)>")
    }

    private static func say(_ element: XMLTree) throws(TwiMLError) -> Self {
        try element.allow(attributes: ["voice", "language", "loop"])
        try element.requireText()
        return .say(element.text, voice: element.attributes["voice"], language: element.attributes["language"])
    }

    private static func play(_ element: XMLTree) throws(TwiMLError) -> Self {
        try element.allow(attributes: ["loop", "digits"])
        try element.requireText()
        if let digits = element.attributes["digits"] { return try play(digits, element) }
        return .play(url: element.text.trimmed, loop: try element.count("loop") ?? 1)
    }

    private static func play(_ digits: String, _ element: XMLTree) throws(TwiMLError) -> Self {
        guard element.attributes["loop"] == nil, !element.hasText else { throw .notSchema("<Play digits> takes neither a URL nor a loop") }
        guard !digits.isEmpty, digits.allSatisfy(TwiML.keys.contains) else {
            throw .notSchema("<Play digits> takes 0 to 9, *, #, w and W")
        }
        return .playDigits(digits)
    }

    private static func pause(_ element: XMLTree) throws(TwiMLError) -> Self {
        try element.allow(attributes: ["length"])
        try element.requireEmpty()
        return .pause(seconds: try element.count("length") ?? 1)
    }

    private static func redirect(_ element: XMLTree) throws(TwiMLError) -> Self {
        try element.allow(attributes: ["method"])
        try element.requireText()
        return .redirect(url: element.text.trimmed, method: try element.oneOf(["POST", "GET"], "method"))
    }

    private static func reject(_ element: XMLTree) throws(TwiMLError) -> Self {
        try element.allow(attributes: ["reason"])
        try element.requireEmpty()
        return .reject(reason: try element.oneOf(["rejected", "busy"], "reason"))
    }
}
