import ArgumentParser
import Foundation

/// Live calls of a running server: what there is, and what is to be done in one.
struct Calls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List live calls, and steer them: transfer, hold, mute, say, keys, end.",
        discussion: """
            Talks to a running server, by its API token. A call is named by its session's id, its CallSid, or the beginning of either. The exit \
            code is 1 when the server refuses, and it says why.
            """,
        subcommands: [List.self, Transfer.self, Hold.self, Resume.self, Mute.self, Unmute.self, Say.self, Keys.self, End.self],
        defaultSubcommand: List.self
    )

    /// The calls that are not over, a line each.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the calls that are not over.")
        @OptionGroup var server: CallsServer
        @Flag(help: "Print the server's JSON.") var json = false

        func run() async throws {
            let answer = try await server.ask("/api/voice/sessions?state=active&limit=200")
            if json {
                _ = try answer.value(LiveCalls.self)
                return Terminal.print(String(decoding: answer.body, as: UTF8.self).trimmingCharacters(in: .newlines))
            }
            let calls = try answer.value(LiveCalls.self).sessions
            if calls.isEmpty { Terminal.print("There are no live calls.") }
            for call in calls { Terminal.print(call.line) }
        }
    }

    struct Transfer: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Put the caller through to a destination of the agent.")
        @OptionGroup var target: CallsTarget
        @Argument(help: "The destination's name under the agent's `transfer`, or its number.") var destination: String
        var request: (name: String, body: [String: String]) { ("transfer", ["destination": destination]) }
    }

    struct Hold: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Put the caller on hold.")
        @OptionGroup var target: CallsTarget
        var request: (name: String, body: [String: String]) { ("hold", [:]) }
    }

    struct Resume: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Take the caller off hold.")
        @OptionGroup var target: CallsTarget
        var request: (name: String, body: [String: String]) { ("resume", [:]) }
    }

    struct Mute: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Mute the caller, or the agent.")
        @OptionGroup var target: CallsTarget
        @OptionGroup var muted: CallsSide
        var request: (name: String, body: [String: String]) { ("mute", ["side": muted.side]) }
    }

    struct Unmute: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Unmute the caller, or the agent.")
        @OptionGroup var target: CallsTarget
        @OptionGroup var muted: CallsSide
        var request: (name: String, body: [String: String]) { ("unmute", ["side": muted.side]) }
    }

    struct Say: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "Have the agent say something.")
        @OptionGroup var target: CallsTarget
        @Argument(help: "What the agent says.") var text: String
        var request: (name: String, body: [String: String]) { ("say", ["text": text]) }
    }

    struct Keys: CallsCommand {
        static let configuration = CommandConfiguration(commandName: "dtmf", abstract: "Press keys on the line.")
        @OptionGroup var target: CallsTarget
        @Argument(help: "0 to 9, *, #, and w for a pause of half a second.") var digits: String
        var request: (name: String, body: [String: String]) { ("dtmf", ["digits": digits]) }
    }

    struct End: CallsCommand {
        static let configuration = CommandConfiguration(abstract: "End the call.")
        @OptionGroup var target: CallsTarget
        var request: (name: String, body: [String: String]) { ("end", [:]) }
    }
}

/// A command on one call.
protocol CallsCommand: AsyncParsableCommand {
    var target: CallsTarget { get }
    /// The command's name in the REST API, and its body.
    var request: (name: String, body: [String: String]) { get }
}

extension CallsCommand {
    func run() async throws {
        let session = try await target.session()
        let (name, body) = request
        let answer = try await target.server.ask("/api/voice/sessions/\(session)/\(name)", body: body, key: target.key)
        let receipt = try answer.value(CommandReceipt.self)
        Terminal.print("\(name): taken as \(receipt.command_id) in \(session)\(receipt.repeated ? ", by an earlier request" : "")")
    }
}

/// Which call a command is for.
struct CallsTarget: ParsableArguments {
    @OptionGroup var server: CallsServer

    @Option(help: ArgumentHelp("Requests with the same key have the command done once.", valueName: "key"))
    var key: String?

    @Argument(help: "The session's id, the CallSid, or the beginning of either.")
    var id: String

    /// The session's id.
    ///
    /// - Throws: `ExitCode` 1 if no live call, or more than one, has such an id.
    func session() async throws -> String {
        let wanted = id.hasPrefix("twilio-") ? id : "twilio-\(id)"
        let calls = try await server.ask("/api/voice/sessions?state=active&limit=200").value(LiveCalls.self).sessions
        let found = calls.filter { $0.session_id == wanted || $0.session_id.hasPrefix(wanted) }
        // The server says what is wrong with one that is not live.
        guard found.count < 2 else {
            Terminal.warn("\(found.count) live calls begin with \(id): give more of the id")
            throw ExitCode(1)
        }
        return found.first?.session_id ?? wanted
    }
}

/// Which side is muted.
struct CallsSide: ParsableArguments {
    @Option(help: "caller: the agent does not hear; agent: the agent does not speak.")
    var side = "caller"

    func validate() throws {
        guard ["caller", "agent"].contains(side) else { throw ValidationError("--side is caller or agent.") }
    }
}

/// What the server says of a command that it has taken.
private struct CommandReceipt: Decodable {
    var command_id: String
    var repeated: Bool
}

/// The live calls as the REST API lists them.
private struct LiveCalls: Decodable {
    var sessions: [LiveCall]
}

private struct LiveCall: Decodable {
    var session_id: String
    var agent: String?
    var created_at: String
    var transport_metadata: Transport
    var interrupted: Interruption?

    struct Transport: Decodable {
        var from_number: String
        var to_number: String
    }

    struct Interruption: Decodable {
        var reason: String
    }

    var line: String {
        let state = interrupted.map { "away: \($0.reason)" } ?? "talking"
        return
            "\(session_id)  \(created_at.prefix(19))  \(transport_metadata.from_number) to \(transport_metadata.to_number)  \(agent ?? "")  \(state)"
    }
}
