extension TwiML.Stream {
    /// Twilio takes parameters whose name and value together are shorter than this, in characters.
    private static let parameterLimit = 500

    /// Reads the one `<Stream>` in a `<Connect>` or `<Start>`.
    init(onlyNounOf verb: XMLTree) throws(TwiMLError) {
        try verb.allow(attributes: ["action", "method"])
        if let attribute = verb.attributes.keys.min() {
            throw .notSchema("<\(verb.name) \(attribute)> is not supported by the simulator")
        }
        let isStart = verb.name == "Start"
        guard !verb.hasText, let noun = verb.children.first else {
            throw isStart ? .badNoun("<Start> has no noun") : .notSchema("<\(verb.name)> has no noun")
        }
        if let other = verb.children.first(where: { $0.name != "Stream" }) { throw TwiML.Verb.refusal(of: other.name, in: verb.name) }
        guard verb.children.count == 1 else { throw .notSchema("<\(verb.name)> has more than one <Stream>") }
        try self.init(noun, isTwoWay: !isStart)
    }

    private init(_ noun: XMLTree, isTwoWay: Bool) throws(TwiMLError) {
        try noun.allow(attributes: ["url", "name", "track", "statusCallback", "statusCallbackMethod", "connectorName"])
        guard noun.attributes["connectorName"] == nil else { throw .notSchema("<Stream connectorName> is not supported by the simulator") }
        guard try noun.oneOf(["POST", "GET"], "statusCallbackMethod") != "GET" else {
            throw .notSchema("<Stream statusCallbackMethod=\"GET\"> is not supported by the simulator")
        }
        guard !noun.hasText else { throw .notSchema("<Stream> holds text") }
        let track = noun.attributes["track"]
        let tracks = isTwoWay ? ["inbound_track"] : ["inbound_track", "outbound_track", "both_tracks"]
        guard track.map(tracks.contains) ?? true else {
            throw .badTrack("<\(isTwoWay ? "Connect" : "Start")> takes \(tracks.joined(separator: " or ")) as track")
        }
        self.init(
            url: try Self.streamURL(noun.attributes["url"] ?? ""),
            track: track,
            parameters: try Self.parameters(noun.children),
            statusCallback: noun.attributes["statusCallback"],
            name: noun.attributes["name"]
        )
    }

    /// The URL that Twilio would open: without query and fragment.
    private static func streamURL(_ text: String) throws(TwiMLError) -> String {
        guard let colon = text.firstRange(of: "://") else { throw .badURL("the <Stream> url is not an absolute URL") }
        guard text[..<colon.lowerBound].lowercased() == "wss" else { throw .badScheme("the <Stream> url is not a wss URL") }
        let rest = text[colon.upperBound...]
        let host = rest.prefix { !"/?#".contains($0) }
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !"<>\"\\^`{|}".unicodeScalars.contains($0) }
        guard !host.isEmpty, isPlain else { throw .badURL("the <Stream> url is malformed") }
        return String(text.prefix { $0 != "?" && $0 != "#" })
    }

    private static func parameters(_ elements: [XMLTree]) throws(TwiMLError) -> [WebhookParameters.Pair] {
        var pairs: [WebhookParameters.Pair] = []
        for element in elements {
            guard element.name == "Parameter" else { throw TwiML.Verb.refusal(of: element.name, in: "Stream") }
            try element.allow(attributes: ["name", "value"])
            try element.requireEmpty()
            let name = try element.required("name")
            guard let value = element.attributes["value"] else { throw .notSchema("<Parameter> has no value") }
            guard name.unicodeScalars.count + value.unicodeScalars.count < parameterLimit else {
                throw .notSchema("<Parameter> has a name and value of \(parameterLimit) characters or more")
            }
            pairs.append(.init(name, value))
        }
        return pairs
    }
}
