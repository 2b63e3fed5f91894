import Conversation
import Engines

/// Runs the tools of one call: the operator's own, and those that change the call itself.
struct CallTools: ToolRunner {
    /// How long an assistant may hold or mute a caller, in seconds.
    static let pauseSeconds = 1...300

    let session: SessionRecord
    let services: HTTPToolRunner
    /// Twilio's REST API; nil without credentials.
    let telephony: (any Telephony)?
    /// Calls people for callers; nil without ``telephony``.
    let transfers: (any CallerTransfer)?
    let agent: AgentDefinition
    /// What is said to people who are called.
    let voice: LineVoice
    /// Sees to it that the call, which has been recorded by now, is durable: a server that dies now must know of it.
    let writeDown: @Sendable (SessionRecord) async -> Bool

    func run(_ call: ToolCall) async -> ToolOutcome {
        guard await writeDown(session) else {
            return ToolOutcome(.failed, "it could not be written down, so nothing was done; try again later")
        }
        switch BuiltInTool(rawValue: call.name) {
        case .transferCall: return await transfer(call)
        case .sendDTMF: return await sendDigits(call)
        case .holdCall: return await pause(call, "The hold is over; the caller hears you again.")
        case .muteCaller: return await pause(call, "You hear the caller again.")
        case .endCall, nil: return await services.run(call)
        }
    }

    private func transfer(_ call: ToolCall) async -> ToolOutcome {
        guard let transfers else { return Self.unavailable }
        guard let name = Self.arguments(of: call)?["destination"]?.string, let transfer = agent.transfers.first(where: { $0.name == name }) else {
            let names = agent.transfers.map(\.name).joined(separator: ", ")
            return ToolOutcome(.invalid, "destination must be one of: \(names)")
        }
        let reason = Self.arguments(of: call)?["reason"]?.string ?? ""
        return await transfers.transfer(TransferRequest(id: call.id, session: session, destination: transfer, reason: reason, voice: voice))
    }

    private func sendDigits(_ call: ToolCall) async -> ToolOutcome {
        guard let telephony else { return Self.unavailable }
        guard let digits = Self.arguments(of: call)?["digits"]?.string else {
            return ToolOutcome(.invalid, "digits must be a text of 0-9, *, # and w")
        }
        return await telephony.sendDigits(session, digits)
    }

    /// Lasts as long as the caller is to be on hold, or not heard.
    private func pause(_ call: ToolCall, _ words: String) async -> ToolOutcome {
        guard let seconds = Self.arguments(of: call)?["seconds"]?.number, Self.pauseSeconds.contains(seconds) else {
            return ToolOutcome(.invalid, "seconds must be a whole number from \(Self.pauseSeconds.lowerBound) to \(Self.pauseSeconds.upperBound)")
        }
        do {
            try await Task.sleep(for: .seconds(seconds))
            return ToolOutcome(.done, words)
        } catch {
            return ToolOutcome(.cancelled, "It was ended early.")
        }
    }

    private static func arguments(of call: ToolCall) -> JSONValue? { try? JSONValue(parsing: call.arguments) }

    private static let unavailable = ToolOutcome(.failed, "this server has no access to the telephone network")
}
