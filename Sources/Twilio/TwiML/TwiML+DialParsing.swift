extension TwiML.Dial {
    /// Twilio calls at most this many at once.
    private static let maximumParties = 10
    /// Attributes that change what happens in ways the simulator does not know.
    private static let unsupported: Set<String> = [
        "callReason", "hangupOnStar", "record", "recordingConfigurationId", "recordingStatusCallback", "recordingStatusCallbackEvent",
        "recordingStatusCallbackMethod", "recordingTrack", "referMethod", "referUrl", "trim",
    ]
    private static let supported: Set<String> = [
        "action", "answerOnBridge", "callerId", "method", "ringTone", "sequential", "timeLimit", "timeout",
    ]
    /// The countries whose ringing Twilio can play.
    private static let ringTones: Set<String> = Set(
        "at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk us us-old tw ve za"
            .split(separator: " ").map(String.init)
    )

    /// Reads a `<Dial>`, whose number stands in it as text or in nouns.
    init(_ element: XMLTree) throws(TwiMLError) {
        try element.allow(attributes: Self.unsupported.union(Self.supported))
        if let attribute = element.attributes.keys.filter(Self.unsupported.contains).min() {
            throw .notSchema("<Dial \(attribute)> is not supported by the simulator")
        }
        guard !element.hasText || element.children.isEmpty else { throw .notSchema("<Dial> holds both text and elements") }
        var parties: [Party] = element.hasText ? [.number(element.text.trimmed)] : []
        for noun in element.children { parties.append(try Self.party(noun)) }
        guard (1...Self.maximumParties).contains(parties.count) else {
            throw .notSchema("<Dial> calls \(parties.count) parties, not 1 to \(Self.maximumParties)")
        }
        let hasConference = parties.contains { if case .conference = $0 { true } else { false } }
        guard !hasConference || parties.count == 1 else { throw .notSchema("<Conference> does not stand alone in its <Dial>") }
        let ringTone = element.attributes["ringTone"]
        guard ringTone.map(Self.ringTones.contains) ?? true else { throw .badRingTone("<Dial> has a ringTone that Twilio does not know") }
        self.init(
            parties,
            callerID: element.attributes["callerId"],
            timeoutSeconds: try element.count("timeout"),
            action: element.attributes["action"],
            method: try element.oneOf(["POST", "GET"], "method"),
            answerOnBridge: try element.flag("answerOnBridge") ?? false,
            ringTone: ringTone,
            sequential: try element.flag("sequential") ?? false,
            timeLimitSeconds: try element.count("timeLimit")
        )
    }

    private static func party(_ noun: XMLTree) throws(TwiMLError) -> Party {
        guard ["Number", "Sip", "Conference"].contains(noun.name) else { throw TwiML.Verb.refusal(of: noun.name, in: "Dial") }
        try noun.requireText()
        guard noun.hasText else { throw .notSchema("<\(noun.name)> is empty") }
        let address = noun.text.trimmed
        switch noun.name {
        case "Conference": return .conference(try Conference(noun, name: address))
        case "Sip": return .sip(address, try Leg(noun))
        default: return .number(address, try Leg(noun))
        }
    }
}

extension TwiML.Dial.Leg {
    /// The events of a called party's leg, in their order.
    package static let events = ["initiated", "ringing", "answered", "completed"]
    /// The two ways of finding out whether a machine answered.
    package static let detections = ["Enable", "DetectMessageEnd"]

    fileprivate init(_ noun: XMLTree) throws(TwiMLError) {
        try noun.support(attributes: [
            "url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod", "machineDetection", "amdStatusCallback",
        ])
        self.init(
            url: noun.attributes["url"],
            method: try noun.oneOf(["POST", "GET"], "method"),
            statusCallback: noun.attributes["statusCallback"],
            statusCallbackEvents: try noun.words("statusCallbackEvent", of: Self.events),
            statusCallbackMethod: try noun.oneOf(["POST", "GET"], "statusCallbackMethod"),
            machineDetection: try noun.oneOf(Self.detections, "machineDetection"),
            amdStatusCallback: noun.attributes["amdStatusCallback"]
        )
    }
}

extension TwiML.Dial.Conference {
    /// The events of a conference; the simulator sends only the first four.
    private static let events = ["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"]

    fileprivate init(_ noun: XMLTree, name: String) throws(TwiMLError) {
        try noun.support(attributes: [
            "startConferenceOnEnter", "endConferenceOnExit", "beep", "waitUrl", "waitMethod", "statusCallback", "statusCallbackEvent",
            "participantLabel",
        ])
        self.init(
            name: name,
            startOnEnter: try noun.flag("startConferenceOnEnter") ?? true,
            endOnExit: try noun.flag("endConferenceOnExit") ?? false,
            beep: try noun.oneOf(["true", "false", "onEnter", "onExit"], "beep"),
            waitURL: noun.attributes["waitUrl"],
            waitMethod: try noun.oneOf(["POST", "GET"], "waitMethod"),
            statusCallback: noun.attributes["statusCallback"],
            statusCallbackEvents: try noun.words("statusCallbackEvent", of: Self.events),
            participantLabel: noun.attributes["participantLabel"]
        )
    }
}
