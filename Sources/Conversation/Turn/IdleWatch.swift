/// How long nobody has said anything, and what to do about it.
struct IdleWatch: Sendable {
    /// What is due.
    enum Step: Sendable, Equatable {
        case nothing
        case prompt
        case goodbye
    }

    private let promptMs: Int?
    private let mostPrompts: Int
    /// Since when, on our clock, nobody has spoken; nil while somebody speaks or an answer is on its way.
    private var sinceMs: Int?
    private var prompts = 0

    /// Makes a watch; nil for never.
    init(promptMs: Int?, mostPrompts: Int) {
        self.promptMs = promptMs
        self.mostPrompts = mostPrompts
    }

    /// When ``step(nowMs:)`` has something to say, if ever.
    var deadlineMs: Int? { promptMs.flatMap { promptMs in sinceMs.map { $0 + promptMs } } }

    /// Takes note of whether it is quiet now.
    mutating func note(isQuiet: Bool, nowMs: Int) {
        sinceMs = isQuiet ? sinceMs ?? nowMs : nil
    }

    /// The caller has said or keyed something: counting begins anew.
    mutating func callerAnswered() {
        prompts = 0
        sinceMs = nil
    }

    /// What is due now; what it says is taken as done.
    mutating func step(nowMs: Int) -> Step {
        guard let deadlineMs, nowMs >= deadlineMs else { return .nothing }
        sinceMs = nil
        guard prompts < mostPrompts else { return .goodbye }
        prompts += 1
        return .prompt
    }
}
