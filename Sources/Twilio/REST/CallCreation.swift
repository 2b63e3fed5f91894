/// A call that the account places: `POST /2010-04-01/Accounts/{AccountSid}/Calls.json`.
///
/// Source: Twilio, "Call resource" (docs/voice/api/call-resource).
package struct CallCreation: Sendable, Equatable {
    /// Who is called.
    package var to: String
    /// The number that the called party sees: one of the account's.
    package var from: String
    /// Where the document is fetched once the call is answered; nil with `twiml`.
    package var url: String?
    /// How `url` is fetched: `POST` (when nil) or `GET`.
    package var method: String?
    /// The document itself.
    package var twiml: TwiML?
    /// How long it rings; 60 s when nil.
    package var timeoutSeconds: Int?
    /// Where the call's progress is told.
    package var statusCallback: String?
    /// Which of `initiated`, `ringing`, `answered` and `completed` are told; `completed` when empty.
    ///
    /// With any other word Twilio tells none.
    package var statusCallbackEvents: [String]
    /// `Enable` or `DetectMessageEnd`: whether a machine answered is found out.
    package var machineDetection: String?
    /// Whether the document is run while that is found out; otherwise it is fetched afterwards.
    package var asyncAMD: Bool
    /// Where it is told who answered, when `asyncAMD` is set.
    package var asyncAMDStatusCallback: String?

    /// Makes a call.
    package init(
        to: String,
        from: String,
        url: String? = nil,
        method: String? = nil,
        twiml: TwiML? = nil,
        timeoutSeconds: Int? = nil,
        statusCallback: String? = nil,
        statusCallbackEvents: [String] = [],
        machineDetection: String? = nil,
        asyncAMD: Bool = false,
        asyncAMDStatusCallback: String? = nil
    ) {
        self.to = to
        self.from = from
        self.url = url
        self.method = method
        self.twiml = twiml
        self.timeoutSeconds = timeoutSeconds
        self.statusCallback = statusCallback
        self.statusCallbackEvents = statusCallbackEvents
        self.machineDetection = machineDetection
        self.asyncAMD = asyncAMD
        self.asyncAMDStatusCallback = asyncAMDStatusCallback
    }

    /// Where calls are placed, and listed.
    package static func path(accountSid: String) -> String { RESTPath.account(accountSid) + "/Calls.json" }
}

/// The request.
extension CallCreation {
    private static let longestTimeout = 600
    private static let supported: Set<String> = [
        "To", "From", "Url", "Method", "Twiml", "Timeout", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "MachineDetection",
        "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
    ]

    /// The parameters of the request.
    ///
    /// - Throws: an error in Twilio's words when the document is too long for it.
    package var parameters: WebhookParameters {
        get throws(TwilioRESTError) {
            let xml = twiml?.xml
            if let xml { try CallUpdate.checkLength(xml, code: 32018) }
            let pairs: [(String, String?)] = [
                ("To", to), ("From", from), ("Url", url), ("Method", method), ("Twiml", xml), ("Timeout", timeoutSeconds.map(String.init)),
                ("StatusCallback", statusCallback),
            ]
            let rest: [(String, String?)] = [
                ("MachineDetection", machineDetection), ("AsyncAmd", asyncAMD ? "true" : nil), ("AsyncAmdStatusCallback", asyncAMDStatusCallback),
            ]
            // One parameter for each event: several in one are none to Twilio.
            let events: [(String, String?)] = statusCallbackEvents.map { ("StatusCallbackEvent", $0) }
            return WebhookParameters((pairs + events + rest).compactMap { name, value in value.map { WebhookParameters.Pair(name, $0) } })
        }
    }

    /// Reads a request as Twilio would.
    ///
    /// Parameters that change what the simulator does not know are refused by name, since a call without them would prove nothing.
    package init(_ parameters: WebhookParameters) throws(TwilioRESTError) {
        if let name = parameters.pairs.map(\.name).first(where: { !Self.supported.contains($0) }) {
            throw .badRequest(20001, "\(name) is not supported by the simulator")
        }
        let (to, from) = try Self.addresses(parameters)
        let (url, xml) = (parameters["Url"], parameters["Twiml"])
        guard url == nil || xml == nil else { throw .badRequest(32019, "Both Url and Twiml are given") }
        guard url != nil || xml != nil else { throw .badRequest(21205, "Url parameter is required") }
        if let url { try Self.checkURL(url) }
        for name in ["Method", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod"] {
            guard parameters[name].map(["GET", "POST"].contains) ?? true else { throw .badRequest(21209, "\(name) is neither GET nor POST") }
            guard name == "Method" || parameters[name] != "GET" else { throw .badRequest(20001, "\(name)=GET is not supported by the simulator") }
        }
        let detection = parameters["MachineDetection"]
        guard detection.map(TwiML.Dial.Leg.detections.contains) ?? true else { throw .badRequest(21234, "MachineDetection is invalid") }
        var twiml: TwiML?
        if let xml { twiml = try CallUpdate.document(xml, code: 32018) }
        self.init(
            to: to,
            from: from,
            url: url,
            method: parameters["Method"],
            twiml: twiml,
            timeoutSeconds: try Self.timeout(parameters["Timeout"]),
            statusCallback: parameters["StatusCallback"],
            statusCallbackEvents: parameters.pairs.filter { $0.name == "StatusCallbackEvent" }.map(\.value),
            machineDetection: detection,
            asyncAMD: parameters["AsyncAmd"] == "true",
            asyncAMDStatusCallback: parameters["AsyncAmdStatusCallback"]
        )
    }

    private static func addresses(_ parameters: WebhookParameters) throws(TwilioRESTError) -> (to: String, from: String) {
        guard let to = parameters["To"] else { throw .badRequest(21201, "No 'To' number is specified") }
        guard let from = parameters["From"] else { throw .badRequest(21213, "No 'From' number is specified") }
        switch CallerAddress(to) {
        case .e164, .sip: break
        case .client: throw .badRequest(20001, "To=client: is not supported by the simulator")
        case .anonymous, .other: throw .badRequest(21211, "The 'To' number \(to) is not a valid phone number")
        }
        switch CallerAddress(from) {
        case .e164, .sip, .client: break
        case .anonymous, .other: throw .badRequest(21212, "The 'From' number \(from) is not a valid phone number")
        }
        guard to != from else { throw .badRequest(21211, "The 'To' number \(to) is the 'From' number") }
        return (to, from)
    }

    private static func checkURL(_ url: String) throws(TwilioRESTError) {
        let isAbsolute = ["http://", "https://"].contains { url.lowercased().hasPrefix($0) && url.count > $0.count }
        guard isAbsolute else { throw .badRequest(21205, "Url is not a valid URL: \(url)") }
    }

    private static func timeout(_ text: String?) throws(TwilioRESTError) -> Int? {
        guard let text else { return nil }
        guard let seconds = Int(text), (1...longestTimeout).contains(seconds) else { throw .badRequest(21208, "Timeout is invalid: \(text)") }
        return seconds
    }
}
