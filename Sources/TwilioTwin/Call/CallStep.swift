import Twilio

/// A document that a call runs.
struct CallDocument: Sendable {
    /// Where it is from, which is what URLs in it are relative to; nil when it was given by REST.
    var url: String?
    var twiml: TwiML

    /// Whether the caller's call rings on until somebody else answers.
    var isAnsweredOnBridge: Bool {
        guard case .dial(let dial)? = twiml.verbs.first, dial.answerOnBridge else { return false }
        return !dial.parties.contains { if case .conference = $0 { true } else { false } }
    }
}

/// What a call does next.
enum CallStep: Sendable {
    /// Where a document is fetched, and what is told there beside the usual.
    struct Source: Sendable {
        var url: String
        var method: TwinCallConfiguration.Method
        var extra: [WebhookParameters.Pair] = []
    }

    /// It runs a document.
    case run(CallDocument)
    /// It fetches another document.
    case redirect(Source)
    /// It does what the server said by REST.
    case update(CallUpdate)
    /// Nothing: it is over, unless the server has said otherwise meanwhile.
    case end(CallEnding)
}
