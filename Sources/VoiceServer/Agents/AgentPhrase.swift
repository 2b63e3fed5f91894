import Conversation
import Twilio

/// A fixed sentence that callers hear: its name in an agent's `phrases`, and its words where the agent gives none.
package enum AgentPhrase: String, Sendable, CaseIterable {
    /// Before the media stream opens; the one phrase that may be empty. An agent gives it as `welcome`.
    case welcome
    /// The line was lost for longer than the server waits.
    case lost
    /// The server could not take the call.
    case error
    /// The server is about to stop, or cannot write.
    case unavailable
    /// The number is blocked, or not among those allowed.
    case refused
    /// The caller has used up the calls of an hour.
    case calledTooOften = "called_too_often"
    /// Running calls suffer.
    case overloaded
    /// All lines are in use.
    case busy
    /// The agent's voice: the line is back.
    case resumed
    /// The agent's voice: the agent ends the call and says nothing of its own.
    case goodbye
    /// The agent's voice: the call has reached its longest time.
    case timeLimit = "time_limit"
    /// The agent's voice: the caller's words were not understood.
    case repeatRequest = "repeat"
    /// The agent's voice: a person takes over.
    case handover

    /// The phrases that an agent's `phrases` may hold: `welcome` is a key of its own.
    static let listed = allCases.filter { $0 != .welcome }

    /// The words if neither agent nor server sets others.
    package var usualWords: String {
        let call = CallMachine.Configuration()
        return switch self {
        case .welcome: "Connecting to agent."
        case .lost: "Sorry, we lost the connection. Please call again."
        case .error: "Sorry, we encountered an error. Please try again later."
        case .unavailable: "Sorry, we cannot take your call right now. Please call again in a few minutes."
        case .refused: "Sorry, we cannot take your call."
        case .calledTooOften: "Sorry, you have called very often. Please wait an hour before you call again."
        case .overloaded: "Sorry, we are very busy right now. Please call again in a few minutes."
        case .busy: "Sorry, all our lines are busy right now. Please call again in a few minutes."
        case .resumed: call.resumeApology
        case .goodbye: call.goodbye
        case .timeLimit: call.timeLimitGoodbye ?? ""
        case .repeatRequest: call.silence.repeatRequest ?? ""
        case .handover: call.silence.handover
        }
    }

    /// What a caller hears whom the policy refuses.
    init(refusing reason: RefusalReason) {
        self =
            switch reason {
            case .draining, .storeFailing: .unavailable
            case .blocked, .notAllowed: .refused
            case .callerLimit: .calledTooOften
            case .overloaded: .overloaded
            default: .busy
            }
    }
}

/// What Twilio's `<Say>` says: before the media stream opens, and if no stream is opened.
struct LineVoice: Sendable {
    /// Whose voice it is.
    private static let voice = "alice"
    /// The languages of Twilio's `<Say>`, by the language alone.
    ///
    /// Source: Twilio, "TwiML Voice: <Say>" (docs/voice/twiml/say), languages of the voice `alice`.
    private static let tags = [
        "ca": "ca-ES", "da": "da-DK", "de": "de-DE", "en": "en-US", "es": "es-ES", "fi": "fi-FI", "fr": "fr-FR", "it": "it-IT", "ja": "ja-JP",
        "ko": "ko-KR", "nb": "nb-NO", "nl": "nl-NL", "no": "nb-NO", "pl": "pl-PL", "pt": "pt-BR", "ru": "ru-RU", "sv": "sv-SE", "zh": "zh-CN",
    ]

    private let phrases: [AgentPhrase: String]
    private let language: String?

    /// Makes the voice of the agent that answers; `welcome` is the server's.
    init(_ agent: AgentDefinition? = nil, welcome: String? = nil) {
        var phrases: [AgentPhrase: String] = [:]
        phrases[.welcome] = welcome
        self.phrases = phrases.merging(agent?.phrases ?? [:]) { _, own in own }
        language = agent?.language.flatMap(Self.tag)
    }

    /// Twilio's tag for a language; nil if Twilio does not speak it.
    static func tag(_ language: String) -> String? {
        let parts = language.replacing("_", with: "-").split(separator: "-")
        guard let first = parts.first?.lowercased(), let usual = tags[first] else { return nil }
        return parts.count == 2 && parts[1].count == 2 ? "\(first)-\(parts[1].uppercased())" : usual
    }

    /// The verb that says a phrase; none for an empty one.
    func say(_ phrase: AgentPhrase) -> [TwiML.Verb] {
        let words = phrases[phrase] ?? phrase.usualWords
        return words.isEmpty ? [] : [.say(words, voice: Self.voice, language: language)]
    }
}
