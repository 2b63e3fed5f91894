import Conversation
import Foundation

/// Finds the likeliest text of the clip in a room, by beam search.
///
/// Greedy decoding takes the likeliest token each time. Base then ends some sentences too early and repeats others, because a token that is a little less
/// likely would have led on. The search follows such tokens, too, as long as they are nearly as likely: a text that the model is sure of costs what greedy
/// decoding costs.
struct WhisperSearch {
    /// A text that may be the clip's.
    struct Hypothesis: Sendable, Equatable {
        /// The tokens, without the end.
        var tokens: [Int] = []
        /// The logarithm of their probability, that of the end included once it has come.
        var logProbability = 0.0
        /// Whether it repeats itself beyond what can have been said.
        var isLoop = false

        /// The logarithm of the geometric mean of the tokens' probabilities, the end's included.
        var mean: Double { logProbability / Double(tokens.count + 1) }

        /// Whether the newest tokens are those of another text, so that both will go on alike.
        func hasConverged(with other: Hypothesis) -> Bool {
            tokens.count >= WhisperSearch.alikeCount
                && tokens.suffix(WhisperSearch.alikeCount).elementsEqual(other.tokens.suffix(WhisperSearch.alikeCount))
        }
    }

    /// A hypothesis, with what it takes to go on from it.
    private struct Branch {
        var hypothesis: Hypothesis
        /// What the decoder remembers of each of its tokens.
        var rows: [[Float]]
        /// The likeliest next tokens.
        var next: [(token: Int, logProbability: Double)]
    }

    /// How many hypotheses are followed at once.
    static let width = 3
    /// A hypothesis this much less likely than the likeliest, as a logarithm, is given up.
    ///
    /// A wider margin costs more than it gives: see docs/benchmarks.md.
    static let margin = 0.7
    /// Two texts whose newest tokens, so many of them, are the same go on alike; only the likelier one is followed.
    static let alikeCount = 3
    /// Symbols that callers do not say and Whisper, quantised, writes in the place of an apostrophe.
    static let unsaid: Set<Character> = [";", "\\", "^", "_", "`", "{", "|", "}", "~", "<", ">", "="]

    private let room: WhisperRoom
    private let prompt: [Int]
    private let end: Int
    private let unsaid: Set<Int>
    /// The tokens, behind the prompt, that the room's decoder remembers.
    private var remembered: [Int] = []

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - room: the room, with the clip in it.
    ///   - prompt: the tokens that every hypothesis begins with.
    ///   - end: the token that ends a text.
    ///   - unsaid: tokens that no text has.
    init(in room: WhisperRoom, prompt: [Int], end: Int, unsaid: Set<Int>) {
        self.room = room
        self.prompt = prompt
        self.end = end
        self.unsaid = unsaid
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - limit: the maximum of tokens in a text.
    ///   - usualCount: a longer text that repeats itself is a loop.
    /// - Returns: the likeliest hypothesis for its length; one that loops only if all do.
    /// - Throws: ``EngineError`` with `failed`.
    mutating func likeliest(limit: Int, usualCount: Int) throws(EngineError) -> Hypothesis {
        try room.step(prompt)
        var branches = [Branch(hypothesis: Hypothesis(), rows: [], next: next())]
        var ended: [Hypothesis] = []
        for _ in 0..<limit {
            let step = Self.step(from: branches.map { ($0.hypothesis, $0.next) }, end: end, usualCount: usualCount)
            ended += step.ended
            var grown: [Branch] = []
            for (parent, hypothesis) in step.growing { grown.append(try grow(branches[parent], to: hypothesis)) }
            branches = grown
            if branches.isEmpty || ended.count >= Self.width { break }
        }
        if ended.isEmpty { ended = branches.map(\.hypothesis) }
        let whole = ended.filter { !$0.isLoop }
        return (whole.isEmpty ? ended : whole).max { $0.mean < $1.mean } ?? Hypothesis()
    }

    /// Continues hypotheses by the tokens that may follow them.
    ///
    /// - Parameters:
    ///   - branches: the hypotheses, and the likeliest tokens after each with the logarithms of their probabilities.
    ///   - end: the token that ends a text.
    ///   - usualCount: a longer text that repeats itself is a loop, and ends.
    /// - Returns: the likeliest that go on, ``width`` at most, each with the index of the one that it continues, and those that end.
    static func step(
        from branches: [(hypothesis: Hypothesis, next: [(token: Int, logProbability: Double)])],
        end: Int,
        usualCount: Int
    ) -> (growing: [(parent: Int, hypothesis: Hypothesis)], ended: [Hypothesis]) {
        let candidates = branches.enumerated().flatMap { index, branch in
            branch.next.map { (parent: index, token: $0.token, logProbability: branch.hypothesis.logProbability + $0.logProbability) }
        }
        let least = (candidates.map(\.logProbability).max() ?? 0) - margin
        var growing: [(parent: Int, hypothesis: Hypothesis)] = []
        var ended: [Hypothesis] = []
        for (parent, token, logProbability) in candidates.sorted(by: { $0.logProbability > $1.logProbability }) {
            guard logProbability >= least, growing.count < width else { break }
            var hypothesis = branches[parent].hypothesis
            hypothesis.logProbability = logProbability
            if token != end { hypothesis.tokens.append(token) }
            hypothesis.isLoop = hypothesis.tokens.count > usualCount && WhisperRecognizer.repeatsItself(hypothesis.tokens)
            if token == end || hypothesis.isLoop {
                ended.append(hypothesis)
            } else if !growing.contains(where: { hypothesis.hasConverged(with: $0.hypothesis) }) {
                growing.append((parent, hypothesis))
            }
        }
        return (growing, ended)
    }

    /// Takes the last token of a hypothesis into the decoder's memory, behind the tokens of the branch that it continues.
    private mutating func grow(_ branch: Branch, to hypothesis: Hypothesis) throws(EngineError) -> Branch {
        let known = zip(remembered, branch.hypothesis.tokens).prefix { $0 == $1 }.count
        for place in known..<branch.rows.count { room.restore(branch.rows[place], at: prompt.count + place) }
        room.seek(prompt.count + branch.rows.count)
        try room.step([hypothesis.tokens[branch.rows.count]])
        remembered = hypothesis.tokens
        return Branch(
            hypothesis: hypothesis,
            rows: branch.rows + [room.row(at: prompt.count + branch.rows.count)],
            next: next()
        )
    }

    private func next() -> [(token: Int, logProbability: Double)] {
        // One more for the end, and some in the place of those that no text has.
        Array(room.likeliest(Self.width + 3).filter { !unsaid.contains($0.token) }.prefix(Self.width + 1))
    }
}
