/// What Twilio says when it asks what to do with a call.
///
/// Of repeated parameters the first that is not blank counts. Everything but `callSid` is text from outside: parameters of
/// Voice SDK clients are named by their authors, so only Twilio's standard names are read.
/// Source: Twilio, "TwiML: Twilio's request to your application" (docs/voice/twiml).
package struct InboundCallRequest: Sendable, Equatable {
    /// `CA` and, from Twilio, 32 hex digits; here up to 64 letters and digits, safe in URLs and file names.
    package var callSid: String
    /// `AC` and 32 hex digits.
    package var accountSid: String?
    /// `From`, trimmed; empty when withheld.
    package var from: String
    /// `To`, trimmed; empty for some client calls.
    package var to: String
    /// `CallStatus`: `ringing` at first, `in-progress` on later requests of the same call.
    package var callStatus: String?
    /// `Direction`: `inbound`, `outbound-api` or `outbound-dial`.
    package var direction: String?
    /// `ApiVersion`, `2010-04-01` so far.
    package var apiVersion: String?
    /// `CallerName`, where caller-ID lookup is on.
    package var callerName: String?
    /// `ForwardedFrom`, where the carrier passes it on.
    package var forwardedFrom: String?
    /// `StirVerstat`: the carriers' attestation of `From`.
    package var stirVerstat: String?
    /// `ErrorCode`, set when Twilio falls back to this URL because another failed.
    package var errorCode: String?
    /// `ErrorUrl`, the URL that failed.
    package var errorURL: String?

    /// Who is calling.
    package var caller: CallerAddress { CallerAddress(from) }

    /// Whom they called.
    package var called: CallerAddress { CallerAddress(to) }

    /// Reads a webhook; throws one error that names all that is missing.
    ///
    /// Not an error: an empty `From` (a withheld number) and an empty `To` of a client's call, provided they were sent.
    package init(_ parameters: WebhookParameters) throws(WebhookError) {
        let text = { (name: String) in parameters[name]?.trimmed }
        let from = Self.number(parameters["From"]) ?? text("From") ?? (parameters.contains("From") ? "" : nil)
        let isClient = from?.lowercased().hasPrefix("client:") ?? false
        let to = Self.number(parameters["To"]) ?? text("To") ?? (isClient && parameters.contains("To") ? "" : nil)
        guard let callSid = text("CallSid"), let from, let to else {
            let all = [("CallSid", text("CallSid")), ("From", from), ("To", to)]
            let missing = all.filter { $0.1 == nil }.map(\.0)
            throw WebhookError(.missingParameters, parameters: missing, "missing or blank: \(missing.joined(separator: ", "))")
        }
        guard Self.isCallSid(callSid) else {
            throw WebhookError(.badCallSid, parameters: ["CallSid"], "CallSid is not CA followed by 1 to 64 letters and digits")
        }
        self.callSid = callSid
        self.from = from
        self.to = to
        accountSid = text("AccountSid")
        callStatus = text("CallStatus")
        direction = text("Direction")
        apiVersion = text("ApiVersion")
        callerName = text("CallerName")
        forwardedFrom = text("ForwardedFrom")
        stirVerstat = text("StirVerstat")
        errorCode = text("ErrorCode")
        errorURL = text("ErrorUrl")
    }

    /// The number of someone who wrote `From=+1415...` without encoding the plus, which a form turns into a space; else nil.
    private static func number(_ text: String?) -> String? {
        guard let text, text.first == " ", case .e164(let number) = CallerAddress("+" + text.dropFirst()) else { return nil }
        return number
    }

    /// Whether `text` is `CA` and 1 to 64 letters and digits; Twilio's are 32 hex digits, those of test programs often shorter.
    package static func isCallSid(_ text: String) -> Bool {
        let rest = text.utf8.dropFirst(2)
        return text.hasPrefix("CA") && (1...64).contains(rest.count)
            && rest.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: false
                }
            }
    }
}
