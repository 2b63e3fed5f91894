/// What a call in progress is told by REST: `POST /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}.json`.
///
/// Source: Twilio, "Call resource" (docs/voice/api/call-resource).
package enum CallUpdate: Sendable, Equatable {
    /// `Twiml`: the call leaves what it does and runs this document. URLs in it must be absolute.
    case document(TwiML)
    /// `Url` and `Method`: the call leaves what it does and fetches a document, by POST when `method` is nil.
    case fetch(url: String, method: String?)
    /// `Status=completed`: the call ends.
    case complete
    /// `Status=canceled`: the call ends if it is queued or rings; one that was answered goes on.
    case cancel

    /// The most characters that Twilio takes as `Twiml`.
    package static let maximumTwiML = 4_000

    /// Where a call is updated, and told.
    package static func path(accountSid: String, callSid: String) -> String {
        "\(RESTPath.account(accountSid))/Calls/\(RESTPath.segment(callSid)).json"
    }

    /// The parameters of the request.
    ///
    /// - Throws: an error in Twilio's words when the document is too long for it.
    package var parameters: WebhookParameters {
        get throws(TwilioRESTError) {
            switch self {
            case .document(let document):
                let xml = document.xml
                try Self.checkLength(xml)
                return WebhookParameters([.init("Twiml", xml)])
            case .fetch(let url, let method):
                return WebhookParameters([.init("Url", url)] + (method.map { [.init("Method", $0)] } ?? []))
            case .complete:
                return WebhookParameters([.init("Status", "completed")])
            case .cancel:
                return WebhookParameters([.init("Status", "canceled")])
            }
        }
    }

    /// Reads a request as Twilio would.
    package init(_ parameters: WebhookParameters) throws(TwilioRESTError) {
        switch (parameters["Twiml"], parameters["Url"], parameters["Status"]) {
        case (let xml?, nil, nil): self = .document(try Self.document(xml))
        case (nil, let url?, nil): self = .fetch(url: url, method: try Self.method(parameters["Method"]))
        case (nil, nil, "completed"?): self = .complete
        case (nil, nil, "canceled"?): self = .cancel
        case (_?, _?, _): throw .badRequest(32019, "Both Url and Twiml are given")
        case (nil, nil, nil): throw .badRequest(20001, "None of Twiml, Url and Status is given")
        case (_, _, _?): throw .badRequest(20001, "Status can only be completed or canceled, and stands alone")
        }
    }

    /// Reads the document of a request.
    static func document(_ xml: String, code: Int = 11750) throws(TwilioRESTError) -> TwiML {
        try checkLength(xml, code: code)
        do throws(TwiMLError) {
            return try TwiML(parsing: xml)
        } catch {
            throw .badRequest(error.code, error.message)
        }
    }

    /// Refuses a document that is too long for a request.
    static func checkLength(_ xml: String, code: Int = 11750) throws(TwilioRESTError) {
        let length = xml.unicodeScalars.count
        guard length <= maximumTwiML else { throw .badRequest(code, "Twiml has \(length) characters, over \(maximumTwiML)") }
    }

    private static func method(_ name: String?) throws(TwilioRESTError) -> String? {
        guard name.map(["GET", "POST"].contains) ?? true else { throw .badRequest(20001, "Method is neither GET nor POST") }
        return name
    }
}
