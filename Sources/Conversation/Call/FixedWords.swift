/// What callers hear in the same words again and again, in one language, if the operator sets no other words.
package struct FixedWords: Sendable, Equatable {
    // In Twilio's voice, before the media stream opens or because none does.

    /// Before the media stream opens.
    package var welcome: String
    /// The line was lost for longer than the server waits.
    package var lost: String
    /// The server could not take the call.
    package var error: String
    /// The server is about to stop, or cannot write.
    package var unavailable: String
    /// The number is blocked, or not among those allowed.
    package var refused: String
    /// The caller has used up the calls of an hour.
    package var calledTooOften: String
    /// Running calls suffer.
    package var overloaded: String
    /// All lines are in use.
    package var busy: String

    // In the agent's own voice.

    /// The line is back.
    package var resumed: String
    /// The agent ends the call, and the assistant gave no last words.
    package var goodbye: String
    /// The call has reached its longest time.
    package var timeLimit: String
    /// The caller's words were not understood.
    package var repeatRequest: String
    /// A person takes over.
    package var handover: String
    /// The assistant failed.
    package var apology: String
    /// The assistant failed again and again, and the call ends.
    package var failureGoodbye: String
    /// The caller says nothing.
    package var idlePrompt: String
    /// The caller still says nothing, and the call ends.
    package var idleGoodbye: String
    /// The answer takes long: one after the other.
    package var fillers: [String]
    /// The caller is on hold: again and again.
    package var holdLine: String
    /// The hold is over.
    package var holdOver: String
    /// Somebody else is called for the caller.
    package var connecting: String

    // In Twilio's voice, to the person who is called for the caller.

    /// Who calls and why; `{caller}` and `{reason}` are filled in.
    package var offer: String
    /// What to do to take the call.
    package var pressOne: String
    /// The caller is not waiting any more.
    package var callerGone: String

    /// The words in a language (ISO 639-1); English if there are none in it, and for nil.
    package static func of(_ language: String?) -> FixedWords {
        language.flatMap { byLanguage[$0] } ?? english
    }

    /// The languages that there are words in.
    package static let languages = byLanguage.keys.sorted()

    private static let byLanguage = ["de": german, "en": english, "es": spanish, "fr": french, "it": italian, "pt": portuguese]

    static let english = FixedWords(
        welcome: "Connecting to agent.",
        lost: "Sorry, we lost the connection. Please call again.",
        error: "Sorry, we encountered an error. Please try again later.",
        unavailable: "Sorry, we cannot take your call right now. Please call again in a few minutes.",
        refused: "Sorry, we cannot take your call.",
        calledTooOften: "Sorry, you have called very often. Please wait an hour before you call again.",
        overloaded: "Sorry, we are very busy right now. Please call again in a few minutes.",
        busy: "Sorry, all our lines are busy right now. Please call again in a few minutes.",
        resumed: "Sorry, we were cut off for a moment.",
        goodbye: "Goodbye.",
        timeLimit: "This call has reached the longest time it may take, so I will hang up now. Goodbye.",
        repeatRequest: "Sorry, I did not catch that. Could you say it again?",
        handover: "I am sorry, I cannot help you right now. I will put you through to somebody.",
        apology: "Sorry, I did not manage that. Please try again.",
        failureGoodbye: "I am sorry, I cannot help you right now. Goodbye.",
        idlePrompt: "Are you still there?",
        idleGoodbye: "I cannot hear you, so I will hang up now. Goodbye.",
        fillers: ["One moment, please.", "Just a moment longer.", "I am still on it."],
        holdLine: "Thank you for holding. Please stay on the line.",
        holdOver: "Thank you for holding.",
        connecting: "I will put you through now. Please stay on the line.",
        offer: "You have a call from {caller}. {reason}",
        pressOne: "Press 1 to take the call.",
        callerGone: "The caller has hung up. Goodbye."
    )
}
