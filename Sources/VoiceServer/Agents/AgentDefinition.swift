package import Conversation

/// An agent: who answers which numbers, and how, as the configuration file says.
///
/// What is nil is as the server's settings say. A definition holds all that it refers to, so that a running call keeps what it began with.
package struct AgentDefinition: Sendable, Equatable {
    /// What answers.
    package enum Chat: String, Sendable, CaseIterable {
        /// Says again what the caller said.
        case echo
        /// A service that speaks OpenAI's protocol.
        case openai
    }

    /// How much of a call is remembered.
    package struct Memory: Sendable, Equatable {
        /// What happens to what no longer fits.
        package enum WhenFull: String, Sendable, CaseIterable {
            /// It is forgotten, oldest first.
            case trim
            /// It is told in few words.
            case summarize
        }

        /// The most tokens.
        package var tokens = 6000
        /// What happens to what no longer fits.
        package var whenFull = WhenFull.trim
    }

    /// What is done so that a caller is never left in silence.
    package struct Silence: Sendable, Equatable {
        /// What is done after too many failures.
        package enum Then: String, Sendable, CaseIterable {
            /// The caller is told goodbye and the call ends.
            case goodbye
            /// The caller is put through.
            case transfer
            /// The call goes on.
            case `continue`
        }

        /// An answer that takes this long, in ms, is bridged with a filler; 0 for never.
        package var fillerAfterMs = 2500
        /// What fillers say, one after another; nil for the words of the agent's language.
        package var fillers: [String]?
        /// An answer that takes this long, in ms, is given up.
        package var giveUpAfterMs = 12_000
        /// What is said then; nil for the words of the agent's language.
        package var apology: String?
        /// So many turns that failed in a row are enough.
        package var failures = 2
        /// What is done then.
        package var then = Then.goodbye
        /// Where the caller is put through to: a name out of ``AgentDefinition/transfers``.
        package var transfer: String?
        /// What is said before the call ends; nil for the words of the agent's language.
        package var goodbye: String?
    }

    /// Its name, unique in the file.
    package var name: String
    /// The numbers it answers, as ``DialledNumber`` spells them; none for all that no other agent answers.
    package var numbers: [String] = []
    /// The sessions' `project_id`.
    package var project = "default"
    /// What the assistant is told it is.
    package var prompt: String?
    /// Said when a call begins; empty for nothing.
    package var greeting: String?
    /// This much of the greeting, in ms, is heard whatever the caller says.
    package var greetingProtectedMs: Int?
    /// The language that is spoken, such as `en`.
    package var language: String?
    /// What answers; `openai` where endpoints are named.
    package var chat: Chat?
    /// The chat services, the second one for when the first one fails; none for the server's.
    package var endpoints: [EndpointDefinition] = []
    /// How freely the assistant answers.
    package var temperature: Double?
    /// How long an answer may be, in tokens.
    package var maxTokens: Int?
    /// How long the first token may take, in ms.
    package var firstTokenMs: Int?
    /// How long each further token may take, in ms.
    package var betweenTokensMs: Int?
    /// How often a failed request is made again.
    package var retries: Int?
    /// How much of a call is remembered.
    package var memory: Memory?
    /// What recognises speech; nil for the server's.
    package var hearing: EndpointDefinition?
    /// What speaks; nil for the server's.
    package var voice: EndpointDefinition?
    /// Silence that ends an utterance, in ms.
    package var endSilenceMs: Int?
    /// Silence after which the caller is spoken to, in seconds; 0 for never.
    package var idlePromptSeconds: Int?
    /// What is said then.
    package var idlePrompt: String?
    /// Said before a silent caller is hung up on.
    package var idleGoodbye: String?
    /// How long a call may take, in seconds.
    package var longestCallSeconds: Int?
    /// Whether a key cuts the answer, and keys are a turn.
    package var digitsInterrupt: Bool?
    /// Fixed sentences in the agent's own words.
    package var phrases: [AgentPhrase: String] = [:]
    /// What is done so that the caller is never left in silence.
    package var silence = Silence()
    /// Where callers can be put through to, in the file's order.
    package var transfers: [Transfer] = []
    /// What callers hear on hold.
    package var hold = Hold()
    /// What keys do that callers press.
    package var keys: [String: CallCommand] = [:]
    /// How often one call may use a tool, by name.
    package var toolLimits: [String: Int] = [:]
    /// The tools it may use.
    package var tools: [AgentTool] = []

    /// Makes an agent that is as the server's settings say.
    package init(name: String) { self.name = name }
}
