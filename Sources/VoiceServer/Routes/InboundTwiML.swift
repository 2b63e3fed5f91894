import Conversation
import Twilio

/// The documents the inbound webhook answers with.
enum InboundTwiML {
    /// The `<Parameter>` that carries the stream token.
    static let tokenParameter = "token"
    /// How Twilio is to fetch the way back: again and again while the server is away, as often and as long as Twilio allows.
    ///
    /// Twilio's connection overrides: up to five retries (`rc`) where nothing answers in time or a proxy answers 5xx (`rp`).
    static let wayBackOverrides = "#rc=5&rp=ct,rt,5xx"
    /// What a server that is started again needs, in seconds; the way back is taken after it.
    private static let restartSeconds = 1

    /// Connects the call to its media stream; a caller who comes back hears from the agent alone.
    ///
    /// A one-way stream holds the call open for `longestCallSeconds`.
    static func connect(
        session: SessionRecord,
        token: String,
        mode: StreamMode,
        base: PublicURL,
        longestCallSeconds: Int,
        voice: LineVoice
    ) -> TwiML {
        let stream = TwiML.Stream(
            url: base.webSocket("/api/voice/twilio/stream/\(session.id)"),
            parameters: [.init(tokenParameter, token)]
        )
        let welcome = session.streamCount > 0 ? [] : voice.say(.welcome)
        switch mode {
        case .connect:
            // When the socket closes or breaks, Twilio comes back and is told whether the call is over.
            return TwiML(welcome + [.connect(stream)] + wayBack(base))
        case .start:
            // A one-way stream runs beside the call; without a next verb the call would end at once.
            return TwiML(welcome + [.start(stream), .pause(seconds: longestCallSeconds)])
        }
    }

    /// Has Twilio ask again in a moment: another server takes the call then, or this one started anew.
    static func comeBack(base: PublicURL) -> TwiML { TwiML(wayBack(base)) }

    private static func wayBack(_ base: PublicURL) -> [TwiML.Verb] {
        [.pause(seconds: restartSeconds), .redirect(url: base.http("/api/voice/twilio/inbound") + wayBackOverrides, method: "POST")]
    }

    /// Ends a call whose session is over.
    static let hangUp = TwiML([.hangup])

    /// Says why the call cannot go on, and ends it.
    static func farewell(_ phrase: AgentPhrase, _ voice: LineVoice) -> TwiML { TwiML(voice.say(phrase) + [.hangup]) }

    /// What a caller gets whom the policy refuses.
    static func refusal(_ reason: RefusalReason, mode: RefusalMode, voice: LineVoice) -> TwiML {
        let phrase = AgentPhrase(refusing: reason)
        return switch mode {
        case .reject: TwiML([.reject(reason: phrase == .refused ? "rejected" : "busy")])
        case .spoken: farewell(phrase, voice)
        }
    }
}
