extension CallMachine {
    /// Settings of a call.
    package struct Configuration: Sendable, Equatable, Codable {
        /// How utterances are cut.
        package var turns = TurnConfiguration()
        /// How answers are sent.
        package var playout = PlayoutConfiguration()
        /// How long the words of an utterance are waited for, in ms; later ones would answer a caller who has gone on.
        package var recognitionLimitMs = 15_000
        /// How long a call that has ended waits for the last words to be recognised, in ms.
        package var lastWordsMs = 10_000
        /// Said when the assistant fails, so that the caller is not left in silence.
        package var apology = FixedWords.english.apology
        /// Said when the call begins, if anything.
        package var greeting: String?
        /// This much of the greeting, in ms, is heard even when the caller speaks over it.
        package var greetingProtectedMs = 0
        /// Whether a pressed key cuts the answer and begins a turn of keyed digits; otherwise keys are only told.
        package var interruptsOnDigits = true
        /// Keyed digits are complete when no key has been pressed for this long, in ms, or with `#`.
        package var keypadPauseMs = 2000
        /// A caller who has said nothing for this long, in ms, while nothing is being said, is spoken to; nil for never.
        package var idlePromptMs: Int? = 10_000
        /// What is said then.
        package var idlePrompt = FixedWords.english.idlePrompt
        /// How often it is said before the goodbye.
        package var mostIdlePrompts = 2
        /// What is said before the line is closed.
        package var idleGoodbye = FixedWords.english.idleGoodbye
        /// The stream may go on for this long, in ms, before the caller is told goodbye; nil for ever.
        package var longestCallMs: Int?
        /// What is said then; nil where the caller could not hear it.
        package var timeLimitGoodbye: String? = FixedWords.english.timeLimit
        /// Said, in place of a greeting, when a call goes on whose line was lost.
        package var resumeApology = FixedWords.english.resumed
        /// Said by an agent that ends the call without a word of its own.
        package var goodbye = FixedWords.english.goodbye
        /// The tools that the assistant may call, by name.
        package var tools: [String: ToolPlan] = [:]
        /// What is done so that the caller is never left in silence.
        package var silence = SilenceConfiguration()
        /// How much of a long call is kept as it was said.
        package var memory = MemoryConfiguration()
        /// What callers hear on hold, and what keys do.
        package var hold = HoldConfiguration()
        /// What callers hear while somebody is called for them, by destination; those who are not here leave the call at once.
        package var waiting: [String: Waiting] = [:]
        /// Said before an operator's transfer.
        package var connecting = FixedWords.english.connecting
        /// What the call goes on from; nil when it begins.
        package var resumption: Resumption?

        /// The defaults.
        package init() {}

        /// What a caller hears while somebody is called for them.
        package enum Waiting: String, Sendable, Codable, CaseIterable {
            /// Ringing.
            case ringing
            /// The agent's music.
            case music
            /// The agent's voice: the line of the hold, at once and then at intervals.
            case voice
        }
    }
}
