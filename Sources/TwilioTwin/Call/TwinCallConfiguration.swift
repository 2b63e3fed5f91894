package import Twilio

/// One simulated call: whom it reaches, who calls, and what the caller does.
package struct TwinCallConfiguration: Sendable {
    /// How a webhook is fetched.
    package enum Method: String, Sendable, Codable {
        /// Parameters in a form body.
        case post = "POST"
        /// Parameters in the query.
        case get = "GET"
    }

    /// The webhook, as it is reached from here.
    package var webhookURL: String
    /// The caller: an E.164 number, or whatever `From` may hold.
    package var from: String
    /// The number called.
    package var to: String
    /// `CA` and 32 hex digits.
    package var callSid: String
    /// `AC` and 32 hex digits.
    package var accountSid: String
    /// Signs every request when there is one.
    package var authToken: String?
    /// The scheme, host and port under which the server believes to be known, such as `https://voice.example.com`; signatures are made for it,
    /// and URLs of it in TwiML are reached through ``webhookURL``'s host.
    package var publicURL: String?
    /// Sent with the first webhook and every redirect, after Twilio's own; the place for `StirVerstat` and the like.
    package var extraParameters: [WebhookParameters.Pair]
    /// How the first webhook is fetched.
    package var method: Method
    /// Where the end of the call is reported; nil for nowhere.
    package var statusCallbackURL: String?
    /// What the caller does on the call's streams, taken up where the stream before left it.
    package var script: [CallerStep]
    /// Who is played on the media socket.
    package var persona: TwinPersona
    /// The media socket's `User-Agent`; nil sends none.
    package var userAgent: String?
    /// Whether the media socket's handshake is signed, given a token.
    package var signsHandshake: Bool
    /// What is on the line while the caller is silent.
    package var background: CallerBackground
    /// Who is called: each number that is called, by `<Dial>` or by the server, has the next callee, and the last one again and again.
    package var callees: [Callee]
    /// What goes wrong with the callbacks about them, and about conferences.
    package var callbackFaults: CallbackFaults
    /// How long the caller waits while others are called, or alone in a conference, in seconds, and then hangs up; nil for as long as it takes.
    package var callerPatienceSeconds: Int?
    /// How long a call that the server places is queued, in ms.
    package var queueMs: Int
    /// How long it takes to find out whether a machine answered, in ms; Twilio takes some four seconds.
    package var machineDetectionMs: Int
    /// How long the calls to others may outlast the caller's, in seconds.
    package var lingerSeconds: Int
    /// Where the server can update the call; nil when it cannot.
    package var rest: TwinREST?
    /// How the agent's voice comes back with the caller's; nil where it does not, as on most telephones.
    package var loopback: Loopback?
    /// Whether TLS certificates must be valid.
    package var checksCertificates: Bool
    /// PEM certificates that are trusted beside the system's, for `https` and `wss`.
    package var caFile: String?
    /// The longest the call may last, in seconds.
    package var maximumSeconds: Int
    /// The most `<Redirect>`s followed.
    package var maximumRedirects: Int

    /// Makes a call with Twilio's habits; the SIDs are random unless given.
    ///
    /// With `rest`, the call belongs to its account, whose token signs. `dialing` is who is called where `callees` is empty.
    package init(
        webhookURL: String,
        from: String = "+14155551234",
        to: String = "+14155555678",
        callSid: String = Sid.random(.call),
        accountSid: String? = nil,
        authToken: String? = nil,
        publicURL: String? = nil,
        extraParameters: [WebhookParameters.Pair] = [],
        method: Method = .post,
        statusCallbackURL: String? = nil,
        script: [CallerStep] = [.hangUp],
        persona: TwinPersona = .twilio,
        loopback: Loopback? = nil,
        dialing: Dialing = .answered(seconds: 1),
        callees: [Callee] = [],
        rest: TwinREST? = nil
    ) {
        self.webhookURL = webhookURL
        self.from = from
        self.to = to
        self.callSid = callSid
        self.accountSid = accountSid ?? rest?.accountSid ?? Sid.random(.account)
        self.authToken = authToken ?? rest?.authToken
        self.publicURL = publicURL
        self.extraParameters = extraParameters
        self.method = method
        self.statusCallbackURL = statusCallbackURL
        self.script = script
        self.persona = persona
        userAgent = persona == .twilio ? "Twilio.TmeWs/1.0" : "agentos-twin"
        signsHandshake = persona == .twilio
        background = .silence
        self.loopback = loopback
        self.callees = callees.isEmpty ? [dialing.callee] : callees
        callbackFaults = CallbackFaults()
        queueMs = 50
        machineDetectionMs = 2000
        lingerSeconds = 30
        self.rest = rest
        checksCertificates = true
        maximumSeconds = 600
        maximumRedirects = 10
    }
}
