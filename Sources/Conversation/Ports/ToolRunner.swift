/// Runs the tools that an assistant calls.
package protocol ToolRunner: Sendable {
    /// Checks a call's arguments and runs its tool, once; every failure is an outcome.
    ///
    /// Returns within the tool's own time-out. The call is durably written down before the tool has any effect.
    func run(_ call: ToolCall) async -> ToolOutcome
}

/// A call of a tool, as an assistant made it.
package struct ToolCall: Sendable, Equatable, Codable {
    /// What the assistant knows the call by; unique within a session.
    package var id: String
    /// The tool's name.
    package var name: String
    /// The arguments as JSON text, as the assistant wrote them: they may be anything.
    package var arguments: String
    /// What the assistant wants back with the call in its next question; only the assistant reads it.
    package var attachment: String?

    /// Makes a call.
    package init(id: String, name: String, arguments: String, attachment: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.attachment = attachment
    }
}

extension ToolCall {
    /// An id of nine letters and digits, which every service accepts.
    static func id(_ stem: String, number: Int) -> String {
        let digits = String(number, radix: 36)
        return stem + String(repeating: "0", count: max(0, 9 - stem.count - digits.count)) + digits
    }

    /// The id that a service gave, or one of nine letters and digits if that is empty or used.
    static func id(_ wanted: String, unlike used: Set<String>) -> String {
        guard wanted.isEmpty || used.contains(wanted) else { return wanted }
        return (1...).lazy.map { id("call", number: $0) }.first { !used.contains($0) } ?? wanted
    }
}

/// What came of a call of a tool.
package struct ToolOutcome: Sendable, Equatable, Codable {
    /// How it ended.
    package enum Status: String, Sendable, Codable, CaseIterable {
        /// The tool did what it does.
        case done
        /// The tool failed, or said that it did.
        case failed
        /// The arguments do not fit the tool, or there is no such tool; nothing was done.
        case invalid
        /// No answer within the tool's time-out; it may have had its effect.
        case timedOut = "timed_out"
        /// Not done after all: the caller spoke on.
        case cancelled
        /// The server died while it ran; it may have had its effect, and is not repeated.
        case unknown
    }

    /// How it ended.
    package var status: Status
    /// What the assistant is told, without secrets: the answer, or what went wrong and what can be done about it.
    package var text: String

    /// Makes an outcome.
    package init(_ status: Status, _ text: String) {
        self.status = status
        self.text = text
    }
}

/// A tool's call and what came of it.
package struct ToolUse: Sendable, Equatable, Codable {
    /// The call.
    package var call: ToolCall
    /// What came of it; nil while it runs.
    package var outcome: ToolOutcome?

    /// Makes a use.
    package init(_ call: ToolCall, outcome: ToolOutcome? = nil) {
        self.call = call
        self.outcome = outcome
    }
}
