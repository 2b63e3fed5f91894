/// A regular expression that is matched in time proportional to the text.
///
/// It knows the regular part of ECMAScript's patterns, the language of JSON Schema: literals, classes, escapes, anchors, word boundaries, groups,
/// alternatives and quantifiers. Backreferences and lookaround need backtracking, which can take for ever on a text that a model wrote; a pattern
/// with those is ``PatternError/unsupported(_:)``.
///
/// All places of the pattern that the text may have come to are followed at once (Thompson's construction), so no character is read twice.
struct Pattern: Sendable, Equatable {
    /// One place of the pattern.
    private enum Step: Sendable, Equatable {
        /// Reads a character, and goes on at the next place.
        case scalars(ScalarSet)
        /// Goes on at the next place where this holds.
        case assertion(PatternNode.Assertion)
        /// Goes on at both places.
        case fork(Int, Int)
        /// Goes on elsewhere.
        case jump(Int)
        /// The text matches.
        case match
    }

    /// The most places of a pattern: each costs time for each character.
    private static let mostSteps = 2_000

    private var steps: [Step] = []

    /// Reads a pattern.
    init(_ pattern: String) throws(PatternError) {
        try add(try PatternParser.parse(pattern))
        steps.append(.match)
    }

    /// The most work that a text of so many characters can be, in places visited.
    func cost(ofCharacters count: Int) -> Int { steps.count * (count + 1) }

    /// Whether a part of the text matches.
    func matches(_ text: String) -> Bool {
        var work = 0
        return matches(text, work: &work)
    }

    /// Whether a part of the text matches; adds the places visited to `work`.
    func matches(_ text: String, work: inout Int) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var current = Front(count: steps.count)
        var upcoming = Front(count: steps.count)
        for place in 0...scalars.count {
            // A match may begin anywhere.
            if follow(0, into: &current, scalars, place, &work) { return true }
            guard place < scalars.count else { return false }
            upcoming.clear()
            for index in current.waiting {
                guard case .scalars(let set) = steps[index], set.contains(scalars[place]) else { continue }
                if follow(index + 1, into: &upcoming, scalars, place + 1, &work) { return true }
            }
            swap(&current, &upcoming)
        }
        return false
    }

    /// The places that are reached at one point of the text.
    private struct Front {
        /// Places that wait for a character.
        var waiting: [Int] = []
        /// When each place was last visited.
        private var visits: [Int]
        private var round = 1

        init(count: Int) { visits = [Int](repeating: 0, count: count) }

        mutating func clear() {
            waiting.removeAll(keepingCapacity: true)
            round += 1
        }

        /// Whether a place was not visited in this round.
        mutating func visit(_ index: Int) -> Bool {
            guard visits[index] != round else { return false }
            visits[index] = round
            return true
        }
    }

    /// Goes on from a place as far as no character is needed; returns whether the text matches.
    private func follow(_ start: Int, into front: inout Front, _ scalars: [Unicode.Scalar], _ place: Int, _ work: inout Int) -> Bool {
        var open = [start]
        while let index = open.popLast() {
            guard front.visit(index) else { continue }
            work += 1
            switch steps[index] {
            case .scalars: front.waiting.append(index)
            case .assertion(let assertion): if Self.holds(assertion, scalars, place) { open.append(index + 1) }
            case .fork(let first, let second):
                open.append(second)
                open.append(first)
            case .jump(let target): open.append(target)
            case .match: return true
            }
        }
        return false
    }

    private static func holds(_ assertion: PatternNode.Assertion, _ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        let isWord = { (place: Int) in scalars.indices.contains(place) && ScalarSet.wordCharacters.contains(scalars[place]) }
        return switch assertion {
        case .start: place == 0
        case .end: place == scalars.count
        case .wordBoundary: isWord(place - 1) != isWord(place)
        case .noWordBoundary: isWord(place - 1) == isWord(place)
        }
    }
}

// MARK: - Compiling

extension Pattern {
    private mutating func append(_ step: Step) throws(PatternError) {
        guard steps.count < Self.mostSteps else { throw .unsupported("more than \(Self.mostSteps) parts, counting what quantifiers repeat") }
        steps.append(step)
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .scalars(let set): try append(.scalars(set))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes[...])
        case .repetition(let node, let least, let most):
            var start = steps.count
            for _ in 0..<least {
                start = steps.count
                try add(node)
                // Nothing, repeated, is nothing; counting it out could take for ever.
                if steps.count == start { return }
            }
            if let most {
                try addOptional(node, most - least)
            } else if least > 0 {
                try append(.fork(start, steps.count + 1))
            } else {
                try addLoop(node)
            }
        }
    }

    private mutating func addChoice(_ nodes: ArraySlice<PatternNode>) throws(PatternError) {
        var ends: [Int] = []
        for node in nodes.dropLast() {
            let fork = steps.count
            try append(.match)
            try add(node)
            ends.append(steps.count)
            try append(.match)
            steps[fork] = .fork(fork + 1, steps.count)
        }
        if let last = nodes.last { try add(last) }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func addLoop(_ node: PatternNode) throws(PatternError) {
        let fork = steps.count
        try append(.match)
        try add(node)
        try append(.jump(fork))
        steps[fork] = .fork(fork + 1, steps.count)
    }

    private mutating func addOptional(_ node: PatternNode, _ count: Int) throws(PatternError) {
        var forks: [Int] = []
        for _ in 0..<count {
            forks.append(steps.count)
            try append(.match)
            try add(node)
        }
        for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
    }
}
