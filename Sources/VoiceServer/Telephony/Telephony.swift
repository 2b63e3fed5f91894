import Conversation

/// Changes calls in progress on the telephone network; every failure is an outcome.
protocol Telephony: Sendable {
    /// Puts the caller through to a number or SIP address.
    func transfer(_ session: SessionRecord, to target: String) async -> ToolOutcome

    /// Presses keys on the line.
    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome
}
