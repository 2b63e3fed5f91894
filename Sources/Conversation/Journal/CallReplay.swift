/// A recorded call, run again through the machine: the same events must lead to the same decisions.
package struct CallReplay: Sendable {
    /// What a replay came to.
    package struct Outcome: Sendable, Equatable {
        /// How many events were fed to the machine.
        package var steps = 0
        /// How many actions it decided on.
        package var actions = 0
        /// The first event after which the machine decided otherwise than it did in the call, in one line; nil when none.
        package var firstDifference: String?
    }

    private let configuration: CallMachine.Configuration
    private let steps: [(at: Int, input: CallMachine.Input, actions: [String])]

    /// Reads a journal.
    ///
    /// - Parameter lines: as ``CallJournal`` was given them; empty ones are skipped.
    /// - Throws: ``JournalError`` naming the line that is no line of a whole journal.
    package init(lines: some Sequence<String>) throws(JournalError) {
        var configuration: CallMachine.Configuration?
        var steps: [(at: Int, input: CallMachine.Input, actions: [String])] = []
        for (index, text) in lines.enumerated() where !text.isEmpty {
            guard let line = try? JournalLine(text) else { throw JournalError("line \(index + 1) is no line of a call's journal") }
            if let lost = line.lost { throw JournalError("line \(index + 1) says that \(lost) lines were lost: the call cannot be replayed") }
            if let config = line.config {
                configuration = config
            } else if let at = line.at, let input = line.input, let actions = line.actions, configuration != nil {
                steps.append((at, input, actions))
            } else {
                throw JournalError("line \(index + 1) has no event, or comes before the call's settings")
            }
        }
        guard let configuration else { throw JournalError("the journal is empty") }
        self.configuration = configuration
        self.steps = steps
    }

    /// Runs the call through a new machine.
    package func run() -> Outcome {
        var machine = CallMachine(configuration: configuration)
        var outcome = Outcome()
        for (index, step) in steps.enumerated() {
            let actions = machine.handle(step.input, nowMs: step.at).map(\.journalText)
            outcome.steps += 1
            outcome.actions += actions.count
            guard actions != step.actions, outcome.firstDifference == nil else { continue }
            outcome.firstDifference = "event \(index + 1), \(step.input), at \(step.at) ms: in the call \(step.actions), now \(actions)"
        }
        return outcome
    }
}

/// Why a text is no journal of a call.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
