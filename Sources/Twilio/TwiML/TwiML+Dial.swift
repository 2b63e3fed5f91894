extension TwiML {
    /// A `<Dial>` verb: connects the caller to somebody else; of several, to the one who answers first.
    package struct Dial: Sendable, Equatable {
        /// Who is called.
        package enum Party: Sendable, Equatable {
            /// A telephone number.
            case number(String)
            /// A SIP address.
            case sip(String)

            /// The number or address.
            package var address: String {
                switch self {
                case .number(let address), .sip(let address): address
                }
            }
        }

        /// Who is called, one to ten.
        package var parties: [Party]
        /// The number that the called party sees; the caller's when nil.
        package var callerID: String?
        /// How long it rings; 30 s when nil.
        package var timeoutSeconds: Int?
        /// Where what came of it is sent, and the next document is from; the next verb runs when nil.
        package var action: String?
        /// How `action` is fetched: `POST` (when nil) or `GET`.
        package var method: String?

        /// Makes a verb.
        package init(
            _ parties: [Party],
            callerID: String? = nil,
            timeoutSeconds: Int? = nil,
            action: String? = nil,
            method: String? = nil
        ) {
            self.parties = parties
            self.callerID = callerID
            self.timeoutSeconds = timeoutSeconds
            self.action = action
            self.method = method
        }
    }
}

extension TwiML.Dial {
    /// Twilio calls at most this many at once.
    private static let maximumParties = 10
    /// Attributes that change what happens in ways the simulator does not know.
    private static let unsupported: Set<String> = [
        "answerOnBridge", "hangupOnStar", "record", "recordingStatusCallback", "recordingStatusCallbackEvent", "recordingStatusCallbackMethod",
        "recordingTrack", "referMethod", "referUrl", "ringTone", "sequential", "timeLimit", "trim",
    ]

    /// Reads a `<Dial>`, whose number stands in it as text or in nouns.
    init(_ element: XMLTree) throws(TwiMLError) {
        try element.allow(attributes: Self.unsupported.union(["action", "callerId", "method", "timeout"]))
        if let attribute = element.attributes.keys.filter(Self.unsupported.contains).min() {
            throw .notSchema("<Dial \(attribute)> is not supported by the simulator")
        }
        guard !element.hasText || element.children.isEmpty else { throw .notSchema("<Dial> holds both text and elements") }
        var parties: [Party] = element.hasText ? [.number(element.text.trimmed)] : []
        for noun in element.children { parties.append(try Self.party(noun)) }
        guard (1...Self.maximumParties).contains(parties.count) else {
            throw .notSchema("<Dial> calls \(parties.count) parties, not 1 to \(Self.maximumParties)")
        }
        self.init(
            parties,
            callerID: element.attributes["callerId"],
            timeoutSeconds: try element.count("timeout"),
            action: element.attributes["action"],
            method: try element.oneOf(["POST", "GET"], "method")
        )
    }

    private static func party(_ noun: XMLTree) throws(TwiMLError) -> Party {
        guard ["Number", "Sip"].contains(noun.name) else { throw TwiML.Verb.refusal(of: noun.name, in: "Dial") }
        if let attribute = noun.attributes.keys.min() { throw .notSchema("<\(noun.name) \(attribute)> is not supported by the simulator") }
        try noun.requireText()
        guard noun.hasText else { throw .notSchema("<\(noun.name)> is empty") }
        return noun.name == "Sip" ? .sip(noun.text.trimmed) : .number(noun.text.trimmed)
    }

    /// Writes the verb; a single number stands in it as text.
    func write(to xml: inout XMLText) {
        let attributes: [XMLText.Attribute] = [
            ("callerId", callerID), ("timeout", timeoutSeconds.map(String.init)), ("action", action), ("method", method),
        ]
        if case .number(let number)? = parties.first, parties.count == 1 { return xml.append("Dial", attributes, text: number) }
        xml.open("Dial", attributes)
        for party in parties {
            switch party {
            case .number(let number): xml.append("Number", text: number)
            case .sip(let address): xml.append("Sip", text: address)
            }
        }
        xml.close("Dial")
    }
}
