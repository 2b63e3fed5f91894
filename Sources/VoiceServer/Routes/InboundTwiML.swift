import Conversation
import Twilio

/// The documents the inbound webhook answers with.
enum InboundTwiML {
    /// The `<Parameter>` that carries the stream token.
    static let tokenParameter = "token"
    /// How long a one-way stream holds the call open, in seconds: Twilio's longest call.
    static let longestCallSeconds = 14_400
    private static let voice = "alice"

    /// Connects the call to its media stream.
    static func connect(session: SessionRecord, token: String, mode: StreamMode, base: PublicURL) -> TwiML {
        let stream = TwiML.Stream(
            url: base.webSocket("/api/voice/twilio/stream/\(session.id)"),
            parameters: [.init(tokenParameter, token)]
        )
        let greeting = TwiML.Verb.say("Connecting to agent.", voice: voice)
        switch mode {
        case .connect:
            // When the socket closes, Twilio comes back here and is told whether the call is over.
            return TwiML([greeting, .connect(stream), .redirect(url: base.http("/api/voice/twilio/inbound"), method: "POST")])
        case .start:
            // A one-way stream runs beside the call; without a next verb the call would end at once.
            return TwiML([greeting, .start(stream), .pause(seconds: longestCallSeconds)])
        }
    }

    /// Ends a call whose session is over.
    static let hangUp = TwiML([.hangup])

    /// Said when Twilio comes back because the socket was lost.
    static let lost = TwiML([.say("Sorry, we lost the connection. Please call again.", voice: voice), .hangup])

    /// Said when anything at all goes wrong, in the original's words.
    static let apology = TwiML([.say("Sorry, we encountered an error. Please try again later.", voice: voice), .hangup])

    /// Said while the server is about to stop.
    static let draining = TwiML([.say("Sorry, we cannot take your call right now. Please call again in a few minutes.", voice: voice), .hangup])
}
