import Twilio
import TwilioTwin

/// Checks a server that knows Twilio's auth token and its own public address, and opens one-way streams.
struct SecuredChecks {
    /// The address the server is told that it has.
    static let publicURL = "https://voice.example.com"
    private static let fix = "this is a fault of the program; please report it"
    private static let inbound = "/api/voice/twilio/inbound"
    /// The example that Twilio's own library carries: token 12345, and the URL and parameters below.
    private static let documentedSignature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

    let list: CheckList
    let client: CheckClient
    /// The token that the server was given.
    let authToken: String

    /// Runs them.
    func run() async {
        let (client, authToken) = (client, authToken)
        await list.check("signatures are computed as in Twilio's own example", fix: Self.fix) {
            let parameters = CheckClient.form([
                ("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"), ("Caller", "+14158675309"),
            ])
            let url = "https://mycompany.com/myapp.php?foo=1&bar=2"
            try require("it", RequestSignature.sign(url: url, parameters: parameters, authToken: "12345"), is: Self.documentedSignature)
        }
        await list.check("an inbound call without a signature or with a wrong one is refused (403) and creates nothing", fix: Self.fix) {
            let call = TwiMLChecks.parameters(Sid.random(.call))
            try require("the status without", try await client.post(Self.inbound, call).status, is: 403)
            let wrong = Self.sign(Self.inbound, call, authToken: "not\(authToken)")
            try require("the status with a wrong one", try await client.post(Self.inbound, call, signature: wrong).status, is: 403)
            try require("the number of sessions", try await client.sessions().count, is: 0)
        }
        await list.check("with the right signature for AGENTOS_PUBLIC_URL: <Say>, <Start><Stream> and what holds the call open", fix: Self.fix) {
            let callSid = Sid.random(.call)
            let call = TwiMLChecks.parameters(callSid)
            let answer = try await client.post(Self.inbound, call, signature: Self.sign(Self.inbound, call, authToken: authToken))
            try TwiMLChecks.isStart(answer, socket: "wss://voice.example.com/api/voice/twilio/stream/twilio-\(callSid)")
        }
        await list.check("status callbacks want a signature, too: 403 without, 204 with", fix: Self.fix) {
            let path = "/api/voice/twilio/status"
            let call = TwiMLChecks.parameters(Sid.random(.call))
            try require("the status without", try await client.post(path, call).status, is: 403)
            try require("the status with", try await client.post(path, call, signature: Self.sign(path, call, authToken: authToken)).status, is: 204)
        }
    }

    private static func sign(_ path: String, _ parameters: [(String, String)], authToken: String) -> String {
        RequestSignature.sign(url: publicURL + path, parameters: CheckClient.form(parameters), authToken: authToken)
    }
}
