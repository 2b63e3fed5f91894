import Conversation
import Engines

/// Runs the tools of one call: the operator's own, and those that change the call itself.
struct CallTools: ToolRunner {
    let session: SessionRecord
    let services: HTTPToolRunner
    /// Twilio's REST API; nil without credentials.
    let telephony: (any Telephony)?
    let transfers: [AgentDefinition.Transfer]
    /// Sees to it that the call, which has been recorded by now, is durable: a server that dies now must know of it.
    let writeDown: @Sendable (SessionRecord) async -> Bool

    func run(_ call: ToolCall) async -> ToolOutcome {
        guard await writeDown(session) else {
            return ToolOutcome(.failed, "it could not be written down, so nothing was done; try again later")
        }
        switch BuiltInTool(rawValue: call.name) {
        case .transferCall: return await transfer(call)
        case .sendDTMF: return await sendDigits(call)
        case .endCall, nil: return await services.run(call)
        }
    }

    private func transfer(_ call: ToolCall) async -> ToolOutcome {
        guard let telephony else { return Self.unavailable }
        guard let destination = Self.argument("destination", of: call), let transfer = transfers.first(where: { $0.name == destination }) else {
            let names = transfers.map(\.name).joined(separator: ", ")
            return ToolOutcome(.invalid, "destination must be one of: \(names)")
        }
        return await telephony.transfer(session, to: transfer.target)
    }

    private func sendDigits(_ call: ToolCall) async -> ToolOutcome {
        guard let telephony else { return Self.unavailable }
        guard let digits = Self.argument("digits", of: call) else { return ToolOutcome(.invalid, "digits must be a text of 0-9, *, # and w") }
        return await telephony.sendDigits(session, digits)
    }

    private static func argument(_ name: String, of call: ToolCall) -> String? {
        (try? JSONValue(parsing: call.arguments))?[name]?.string
    }

    private static let unavailable = ToolOutcome(.failed, "this server has no access to the telephone network")
}
