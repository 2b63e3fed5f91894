import Twilio
import TwilioTwin

/// Checks what Twilio is told to do with a call, and what the webhook leaves behind.
struct TwiMLChecks {
    private static let fix = "this is a fault of the program; please report it"
    private static let inbound = "/api/voice/twilio/inbound"

    let list: CheckList
    let client: CheckClient

    /// Runs them.
    func run() async {
        let client = client
        let callSid = Sid.random(.call)
        let call = Self.parameters(callSid)
        await list.check("an inbound call (POST) is answered with <Say>, <Connect><Stream> and the way back", fix: Self.fix) {
            let answer = try await client.post(Self.inbound, call)
            let authority = client.address.dropFirst("http://".count)
            try Self.isConnect(answer, socket: "wss://\(authority)/api/voice/twilio/stream/twilio-\(callSid)", back: client.address + Self.inbound)
        }
        await list.check("an inbound call (GET) is answered alike", fix: Self.fix) {
            let sid = Sid.random(.call)
            let answer = try await client.get("\(Self.inbound)?\(CheckClient.form(Self.parameters(sid)).formEncoded)", authorized: false)
            let authority = client.address.dropFirst("http://".count)
            try Self.isConnect(answer, socket: "wss://\(authority)/api/voice/twilio/stream/twilio-\(sid)", back: client.address + Self.inbound)
        }
        await list.check("the webhook creates a session, with the caller's and the called number", fix: Self.fix) {
            let session = try await client.session("twilio-\(callSid)")
            try require("the state", session.state, is: "created")
            try require("call_sid", session.transportMetadata.callSid, is: callSid)
            try require("from_number", session.transportMetadata.fromNumber, is: "+14155551234")
            try require("to_number", session.transportMetadata.toNumber, is: "+14155555678")
        }
        await list.check("the same call again is the same session, listed once", fix: Self.fix) {
            try require("the status", try await client.post(Self.inbound, call).status, is: 200)
            let listed = try await client.sessions().filter { $0.sessionID == "twilio-\(callSid)" }
            try require("the number of its sessions", listed.count, is: 1)
        }
    }

    /// What Twilio sends of a call.
    static func parameters(_ callSid: String) -> [(String, String)] {
        [("CallSid", callSid), ("From", "+14155551234"), ("To", "+14155555678"), ("CallStatus", "ringing")]
    }

    /// Checks a two-way answer.
    static func isConnect(_ answer: CheckClient.Answer, socket: String, back: String) throws {
        let verbs = try verbs(of: answer)
        try require("the number of verbs", verbs.count, is: 4)
        try require("the first verb", verbs[0], is: .say("Connecting to agent.", voice: "alice"))
        guard case .connect(let stream) = verbs[1] else { throw CheckFailure("the second verb is no <Connect><Stream>") }
        try isStream(stream, socket: socket)
        guard case .redirect(let url, _) = verbs[3] else { throw CheckFailure("the last verb is no <Redirect>") }
        try require("the way back", String(url.prefix { $0 != "#" }), is: back)
    }

    /// Checks a one-way answer, which must hold the call open after the stream has begun.
    static func isStart(_ answer: CheckClient.Answer, socket: String) throws {
        let verbs = try verbs(of: answer)
        try require("the number of verbs", verbs.count, is: 3)
        try require("the first verb", verbs[0], is: .say("Connecting to agent.", voice: "alice"))
        guard case .start(let stream) = verbs[1] else { throw CheckFailure("the second verb is no <Start><Stream>") }
        try isStream(stream, socket: socket)
        guard case .pause(let seconds) = verbs[2] else { throw CheckFailure("nothing holds the call open: the third verb is no <Pause>") }
        try require(seconds >= 3600, "the call is held open for \(seconds) s only")
    }

    private static func verbs(of answer: CheckClient.Answer) throws -> [TwiML.Verb] {
        try require("the status", answer.status, is: 200)
        try require(answer.contentType.hasPrefix("application/xml"), "the type is '\(answer.contentType)', not application/xml")
        return try TwiML(parsing: answer.body).verbs
    }

    private static func isStream(_ stream: TwiML.Stream, socket: String) throws(CheckFailure) {
        try require("the stream's URL", stream.url, is: socket)
        try require(stream.parameters.contains { !$0.value.isEmpty }, "the stream has no <Parameter>")
    }
}
