/// What a sound that the caller made over the agent's answer means.
enum Interruption {
    /// What it means.
    enum Verdict: Sendable, Equatable {
        /// The caller takes the turn.
        case floor
        /// "Go on, I am listening."
        case backchannel
        /// Too short to be meant.
        case tooShort
        /// A cough, a knock, noise.
        case noWords
    }

    /// Speech shorter than this, in ms, is not meant unless its words are: voice activity makes a burst of 200 ms up to 288 ms long.
    static let shortestMs = 300
    /// So few words take the turn only when they ask for it.
    ///
    /// Real interruptions are requests or longer; a recogniser that has no "mm-hm" among its words makes one to three others of it.
    static let fewWords = 3
    /// This many digits begin a dictated number.
    private static let dictation = 2

    /// Judges a sound.
    ///
    /// - Parameters:
    ///   - text: the words that the recogniser made of it, empty for none.
    ///   - speechMs: its length by voice activity.
    ///   - agentAsked: whether it fell on a question of the agent's, which "mm-hm" and "Friday" answer.
    /// - Returns: whether it takes the turn, and why not if it does not.
    static func judge(text: String, speechMs: Int, agentAsked: Bool) -> Verdict {
        let words = SpokenWords(text).words
        guard !words.isEmpty else { return .noWords }
        // A listener may repeat such words any number of times.
        if words.allSatisfy(listening.contains) { return agentAsked ? .floor : .backchannel }
        if words.count(where: SpokenWords.isDigit) >= dictation { return .floor }
        if words.count > fewWords || asks(words) { return .floor }
        if speechMs < shortestMs { return .tooShort }
        return agentAsked ? .floor : .backchannel
    }

    /// Whether the words want the agent to stop, or begin a sentence of the caller's own.
    private static func asks(_ words: [String]) -> Bool {
        guard !phrases.contains(words.joined(separator: " ")) else { return false }
        return words.contains(where: decisive.contains) || zip(words, words.dropFirst()).contains { openers.contains($0) && persons.contains($1) }
    }

    private static let decisive: Set<String> = [
        "stop", "no", "nope", "not", "don't", "wait", "hold", "hang", "cancel", "help", "operator", "agent", "human", "person", "manager", "sorry",
        "pardon", "excuse", "what", "who", "why", "how", "please", "but", "actually", "hello", "hey", "repeat", "again", "slowly", "slower", "louder",
        "wrong", "transfer", "speak", "question", "goodbye", "bye", "thanks", "thank", "i", "i'm", "i'd", "i've", "my", "skip", "back", "enough",
        "quiet",
        "listen", "moment", "minute", "second",
    ]

    /// Words that say no more than that somebody listens, or agrees.
    private static let listening: Set<String> = [
        SpokenWords.hum, "hm", "hmm", "uh", "huh", "ah", "aha", "oh", "okay", "ok", "right", "yeah", "yep", "yup", "yes", "sure",
        "alright", "good", "great", "fine", "cool",
    ]

    /// What a listener says that begins like a sentence.
    private static let phrases: Set<String> = ["i see", "oh i see", "i understand", "i know", "no problem", "no worries"]

    private static let openers: Set<String> = ["can", "could", "would", "will", "do", "are", "let", "tell", "give", "that's", "it's"]
    private static let persons: Set<String> = ["you", "we", "me", "us", "not", "wrong", "enough"]
}
