package import Conversation
import Foundation

/// Runs tools that are HTTP endpoints: one request for each call, never a second.
package struct HTTPToolRunner: ToolRunner {
    /// The most bytes of an answer that are read.
    private static let mostRead = 64 << 10
    private let tools: [String: HTTPTool]
    private let client: ServiceClient
    private let session: String

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - tools: the tools, each under its own name.
    ///   - client: sends the requests.
    ///   - session: the session's id. With a call's id it makes the key by which a tool knows a call again, since models number calls as they like.
    package init(_ tools: [HTTPTool], client: ServiceClient, session: String) {
        self.tools = Dictionary(tools.map { ($0.declaration.name, $0) }) { first, _ in first }
        self.client = client
        self.session = session
    }

    package func run(_ call: ToolCall) async -> ToolOutcome {
        guard let tool = tools[call.name] else { return unknown(call.name) }
        let answer = ToolAnswer(of: tool)
        do {
            let arguments = try ToolArguments(call.arguments, for: tool.declaration)
            let request = try tool.request(arguments.members, key: "\(session)-\(call.id)")
            let deadlineMs = client.clock.nowMs + tool.timeoutMs
            let response = try await client.send(request, untilMs: deadlineMs)
            let body = try await response.body.beginning(upTo: Self.mostRead, untilMs: deadlineMs, contentType: response.contentType)
            return body.inTime ? answer.outcome(status: response.status, body: body.text) : answer.tooLate
        } catch let failure as ToolArguments.Failure {
            return ToolOutcome(.invalid, failure.message)
        } catch let failure as ToolAddress.Failure {
            return ToolOutcome(.invalid, "Nothing was done: \(failure.message)")
        } catch let fault as ServiceFault {
            return answer.outcome(of: fault)
        } catch {
            return answer.calledOff
        }
    }

    private func unknown(_ name: String) -> ToolOutcome {
        let names = tools.keys.sorted().joined(separator: ", ")
        return ToolOutcome(.invalid, "There is no tool named \(name.prefix(64)). \(names.isEmpty ? "There are none." : "There are: \(names).")")
    }
}
