import Conversation
import Twilio

/// What the tools of a call can do to its line.
protocol Telephony: Sendable {
    /// Presses keys on the line; every failure is an outcome.
    func sendDigits(_ session: SessionRecord, _ digits: String) async -> ToolOutcome
}

/// Puts callers through to somebody else.
protocol CallerTransfer: Sendable {
    /// Puts a caller through; `done` means that the caller leaves the agent. Every failure is an outcome.
    func transfer(_ request: TransferRequest) async -> ToolOutcome
}

/// Changes and places calls on the telephone network.
protocol CallControl: Telephony {
    /// Where the network reaches this server.
    var address: WebhookAddress { get }

    /// Leaves the call to a `<Dial>`; `done` means that somebody is being called. Every failure is an outcome.
    func transfer(_ session: SessionRecord, by dial: TwiML.Dial) async -> ToolOutcome

    /// Places a call.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`, after which it is not known whether the call was placed.
    func place(_ call: CallCreation) async throws -> CallResource

    /// Changes a call.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`, after which it is not known whether the call was changed.
    func change(_ callSid: String, _ update: CallUpdate) async throws

    /// Looks a call up.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func call(_ callSid: String) async throws -> CallResource

    /// Looks up the calls that were placed by a `<Dial>` of this one.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func legs(of callSid: String) async throws -> [CallResource]

    /// How many calls are in a conference now, by its name.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func participants(ofConference name: String) async throws -> Int
}
