import Conversation

/// Changes calls in progress on the telephone network; every failure is an outcome.
protocol Telephony: Sendable {
    /// Has a number or SIP address called for the caller; `done` means that it is being called.
    func transfer(_ session: SessionRecord, to target: String) async -> ToolOutcome

    /// Presses keys on the line.
    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome
}
