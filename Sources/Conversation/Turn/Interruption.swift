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
    /// In a language without word lists, speech of at least this length, in ms, takes the turn.
    private static let surelyMeantMs = 600
    /// This many digits begin a dictated number.
    private static let dictation = 2

    /// Judges a sound.
    ///
    /// - Parameters:
    ///   - text: the words that the recogniser made of it, empty for none.
    ///   - speechMs: its length by voice activity.
    ///   - agentAsked: whether it fell on a question of the agent's, which "mm-hm" and "Friday" answer.
    ///   - language: the caller's (ISO 639-1); nil for English.
    /// - Returns: whether it takes the turn, and why not if it does not.
    static func judge(text: String, speechMs: Int, agentAsked: Bool, in language: String? = nil) -> Verdict {
        guard let list = TurnWords.of(language) else { return judgeByLength(text: text, speechMs: speechMs, agentAsked: agentAsked) }
        let spoken = SpokenWords(text, in: list)
        let words = spoken.words
        guard !words.isEmpty else { return .noWords }
        // A listener may repeat such words any number of times.
        if words.allSatisfy(list.listening.contains) { return agentAsked ? .floor : .backchannel }
        if spoken.digits >= dictation { return .floor }
        if words.count > fewWords || asks(words, list) { return .floor }
        if speechMs < shortestMs { return .tooShort }
        return agentAsked ? .floor : .backchannel
    }

    /// Judges a sound by its length, in a language without word lists.
    ///
    /// Most hums are shorter than a word such as "stop".
    private static func judgeByLength(text: String, speechMs: Int, agentAsked: Bool) -> Verdict {
        guard text.isSayable else { return .noWords }
        if text.split(whereSeparator: \.isWhitespace).count > fewWords || speechMs >= surelyMeantMs { return .floor }
        if speechMs < shortestMs { return .tooShort }
        return agentAsked ? .floor : .backchannel
    }

    /// Whether the words want the agent to stop, or begin a sentence of the caller's own.
    private static func asks(_ words: [String], _ list: TurnWords) -> Bool {
        guard !list.phrases.contains(words.joined(separator: " ")) else { return false }
        return words.contains(where: list.decisive.contains)
            || zip(words, words.dropFirst()).contains { list.openers.contains($0) && list.persons.contains($1) }
    }
}
