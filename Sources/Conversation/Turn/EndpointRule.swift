/// How long a silence must be to end the caller's turn, judged by the words so far.
///
/// The usual wait is a setting; the others are parts or multiples of it, so that one number makes the agent more patient
/// or quicker as a whole. What words mean is said by the lists of the caller's language; where there are none, the wait is the usual one.
package struct EndpointRule: Sendable, Equatable {
    /// What the words so far look like.
    package enum Phrase: String, Sendable, CaseIterable {
        /// No words: a cough, or noise.
        case nothing
        /// All that there is to say has been said: "yes", "no thank you", "goodbye".
        case closed
        /// A whole sentence, by its words and by the recogniser's full stop or question mark.
        case ended
        /// Three words or more, ending as a sentence may end, or an amount.
        case complete
        /// Nothing tells.
        case unclear
        /// More must come: "my number is", "a table for", "and", "um".
        case trailing
        /// A number or a spelling is being dictated.
        case digits
    }

    /// No wait is shorter, in ms: within words there are silences nearly as long.
    static let shortestMs = 300
    /// No wait is longer, in ms: a caller who waits for an answer gives up sooner than this.
    static let longestMs = 2500

    /// The wait after words that tell nothing, in ms.
    package var usualMs = 700

    /// Makes a rule.
    package init(usualMs: Int = 700) {
        self.usualMs = usualMs
    }

    /// The silence that ends a turn of such words, in ms.
    ///
    /// - `nothing`, a bit over half: what is waited for is only another sound.
    /// - `closed`, three sevenths: the caller has finished and waits for the agent.
    /// - `ended`, four sevenths: the next words would begin another sentence.
    /// - `complete`, a bit more: people pause for as long within sentences, but rarely where one could end.
    /// - `trailing`, twice and a bit: the caller is looking for a word.
    /// - `digits`, the same and some more: numbers are read out in groups with up to 1.2 s between.
    package func silenceMs(after phrase: Phrase) -> Int {
        let ms =
            switch phrase {
            case .nothing: usualMs * 4 / 7
            case .closed: usualMs * 3 / 7
            case .ended: usualMs * 4 / 7
            case .complete: usualMs * 9 / 14
            case .unclear: usualMs
            case .trailing: usualMs * 15 / 7
            case .digits: usualMs * 16 / 7
            }
        return min(max(ms, Self.shortestMs), Self.longestMs)
    }

    /// The longest of all waits, in ms: what words that are not known yet may turn out to ask for.
    var longestSilenceMs: Int { Phrase.allCases.map(silenceMs).max() ?? usualMs }

    /// What the words of a turn look like.
    ///
    /// - Parameters:
    ///   - segments: the texts of its stretches between long pauses, in order.
    ///   - confidence: the recogniser's confidence in them; nil if unknown.
    ///   - language: the caller's (ISO 639-1); nil for English.
    /// - Returns: what they have in common with other turns, as far as waiting goes.
    package static func phrase(segments: [String], confidence: Double? = nil, in language: String? = nil) -> Phrase {
        guard let words = TurnWords.of(language) else { return segments.contains(where: \.isSayable) ? .unclear : .nothing }
        let stretches = segments.map { SpokenWords($0, in: words) }.filter { !$0.words.isEmpty }
        guard let last = stretches.last else { return .nothing }
        let isLoop = stretches.contains(where: \.endsInLoop)
        if !isLoop, stretches.map(\.digits).reduce(0, +) >= longNumber, last.trailingDigits > 0 { return .unclear }
        if isDictation(stretches, last) { return .digits }
        if last.trailsOff, !last.isQuestion { return .trailing }
        if last.isClosed { return confidence ?? 1 < doubtful ? .unclear : .closed }
        guard last.words.count >= 3 || last.isQuestion || last.endsInAmount else { return .unclear }
        return last.isEnded ? .ended : .complete
    }

    /// Below this confidence a short answer may be a misread digit.
    ///
    /// Correct short answers had at least 0.6; "Bye" for "six" had 0.4.
    private static let doubtful = 0.5
    /// Numbers of this many digits are whole more often than not: a telephone number with its area.
    private static let longNumber = 10
    /// The most words of a stretch that are taken for misread digits within a dictation.
    private static let mostMisread = 3

    private static func isDictation(_ stretches: [SpokenWords], _ last: SpokenWords) -> Bool {
        if last.isAllDigits || last.trailingDigits >= 2 { return true }
        if last.endsInAnnouncedDigit { return true }
        // A dictation goes on through digits that were misread.
        return last.words.count <= mostMisread && stretches.dropLast().contains { $0.isAllDigits || $0.trailingDigits >= 2 }
            && !last.isFarewell
    }
}
