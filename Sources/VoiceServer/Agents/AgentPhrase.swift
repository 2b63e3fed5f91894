import Conversation
import Foundation
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
    /// The agent's voice: somebody is called for the caller at an operator's command.
    case connecting
    /// To the person who is called for the caller: what to do to take the call.
    case pressOne = "press_one"
    /// To that person: the caller is not waiting any more.
    case callerGone = "caller_gone"

    /// The phrases that an agent's `phrases` may hold: `welcome` is a key of its own.
    static let listed = allCases.filter { $0 != .welcome }

    /// The words in a language (ISO 639-1, nil for English) if neither agent nor server sets others.
    package func usualWords(in language: String? = nil) -> String {
        let words = FixedWords.of(language)
        return switch self {
        case .welcome: words.welcome
        case .lost: words.lost
        case .error: words.error
        case .unavailable: words.unavailable
        case .refused: words.refused
        case .calledTooOften: words.calledTooOften
        case .overloaded: words.overloaded
        case .busy: words.busy
        case .resumed: words.resumed
        case .goodbye: words.goodbye
        case .timeLimit: words.timeLimit
        case .repeatRequest: words.repeatRequest
        case .handover: words.handover
        case .connecting: words.connecting
        case .pressOne: words.pressOne
        case .callerGone: words.callerGone
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
    private let tag: String?
    private let language: String?

    /// Makes the voice of the agent that answers; `welcome` is the server's, nil if it sets none.
    init(_ agent: AgentDefinition? = nil, welcome: String? = nil) {
        var phrases: [AgentPhrase: String] = [:]
        phrases[.welcome] = welcome
        self.phrases = phrases.merging(agent?.phrases ?? [:]) { _, own in own }
        tag = agent?.language.flatMap(Self.tag)
        // Words in a language that Twilio does not speak would be read as English.
        language = tag == nil ? nil : agent?.spokenLanguage
    }

    /// Twilio's tag for a language; nil if Twilio does not speak it.
    static func tag(_ language: String) -> String? {
        let parts = language.replacing("_", with: "-").split(separator: "-")
        guard let first = parts.first?.lowercased(), let usual = tags[first] else { return nil }
        return parts.count == 2 && parts[1].count == 2 ? "\(first)-\(parts[1].uppercased())" : usual
    }

    /// The verb that tells the person who is called for a caller who calls, and why.
    func briefing(_ template: String?, caller: String, reason: String) -> TwiML.Verb {
        let words = template ?? FixedWords.of(language).offer
        // Digits are read one by one.
        let spelled = caller.hasPrefix("+") ? caller.dropFirst().map(String.init).joined(separator: " ") : caller
        let text = words.replacing("{caller}", with: spelled).replacing("{reason}", with: reason)
        return .say(text.trimmingCharacters(in: .whitespacesAndNewlines), voice: Self.voice, language: tag)
    }

    /// The verb that says a phrase; none for an empty one.
    func say(_ phrase: AgentPhrase) -> [TwiML.Verb] {
        let words = phrases[phrase] ?? phrase.usualWords(in: language)
        return words.isEmpty ? [] : [.say(words, voice: Self.voice, language: tag)]
    }
}
