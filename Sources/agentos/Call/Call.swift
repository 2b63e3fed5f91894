import ArgumentParser
import Audio
import Conversation
import Engines
import Foundation
import TwilioTwin
import VoiceServer

/// Plays Twilio's side of one call against a running server, or against one of its own.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Place a simulated call: Twilio's side, played against any server.",
        discussion: """
            Posts a signed webhook, runs the TwiML, opens the media stream, speaks in real time, keeps a playout buffer as Twilio \
            does, and prints both sides as they happen. Without --url it starts a server of its own for the call.
            """
    )

    @Option(help: ArgumentHelp("The server's inbound webhook, such as http://127.0.0.1:8000/api/voice/twilio/inbound.", valueName: "webhook"))
    var url: String?

    @Option(help: ArgumentHelp("Recorded speech: PCM or mu-law WAV; may be repeated, one utterance each.", valueName: "file.wav"))
    var audio: [String] = []

    @Option(help: ArgumentHelp("Words to be spoken by the offline voice; may be repeated, after the recordings.", valueName: "text"))
    var say: [String] = []

    @Option(help: "The caller's number.")
    var from = "+14155551234"

    @Option(help: "The number called.")
    var to = "+14155555678"

    @Option(help: ArgumentHelp("Write what both sides heard: left the caller, right the agent.", valueName: "out.wav"))
    var record: String?

    @Option(help: ArgumentHelp("The agent's voice in the caller's microphone: dB and delay in ms, such as --loopback=-12,150.", valueName: "dB,ms"))
    var loopback: Loopback?

    @Option(help: ArgumentHelp("Token that signs the requests (TWILIO_AUTH_TOKEN).", valueName: "token"))
    var authToken: String?

    @Option(help: ArgumentHelp("The server's API token, to print the words it recognised (AGENTOS_API_TOKEN).", valueName: "token"))
    var apiToken: String?

    @Option(help: ArgumentHelp("Data directory of its own server, without --url (AGENTOS_DATA_DIR, default .agentos/call).", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("The account that the call belongs to (TWILIO_ACCOUNT_SID).", valueName: "sid"))
    var accountSid: String?

    @Option(
        help: ArgumentHelp(
            "Play Twilio's REST API on this port, for a server with TWILIO_API_BASE_URL=http://127.0.0.1:PORT; its own server finds it anyway.",
            valueName: "port"
        )
    )
    var restPort: Int?

    @Option(
        help: ArgumentHelp("Kill its own server (SIGKILL) this long into the call and start it again, such as 5s or 1500ms.", valueName: "moment")
    )
    var killServerAt: KillMoment?

    @Option(help: ArgumentHelp("YAML file of settings and agents, for its own server.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Assistant of its own server: echo or openai (AGENTOS_CHAT).", valueName: "name"))
    var chat: String?

    @Flag(help: "Play a plain WebSocket client instead of Twilio: the server's events come on the socket.")
    var plain = false

    @Flag(help: "Print events and the report as JSON, one object a line.")
    var json = false

    func run() async throws {
        var environment = ProcessInfo.processInfo.environment
        if let dataDir { environment["AGENTOS_DATA_DIR"] = dataDir }
        if let chat { environment["AGENTOS_CHAT"] = chat }
        if let authToken { environment["TWILIO_AUTH_TOKEN"] = authToken }
        if let accountSid { environment["TWILIO_ACCOUNT_SID"] = accountSid }
        let clips = try await clips()
        let printer = CallPrinter(json: json)
        let report = try await CallREST(environment: environment, port: restPort, isOffered: restPort != nil || (url == nil && !plain)).run {
            try await place(clips, $0, $1, printer)
        }
        printer.summarize(report)
        if let record {
            try report.recording.write(path: record)
            printer.recorded(URL(fileURLWithPath: record).standardizedFileURL.path)
        }
        if killServerAt != nil { return try judgeSurvival(report) }
        // Twilio logs 31921 for every stream that the server ends, also when it is meant to.
        if !report.failures.isEmpty || report.faults.contains(where: { $0.code != 31_921 }) { throw ExitCode(1) }
    }

    /// Places the call where it goes: to the server given, to one of its own, or to one that dies.
    private func place(
        _ clips: [(label: String, samples: [Int16])],
        _ environment: [String: String],
        _ rest: TwinREST?,
        _ printer: CallPrinter
    ) async throws -> TwinCallReport {
        if let killServerAt { return try await survive(killServerAt, clips, environment, rest, printer) }
        if let url { return try await place(clips, to: url, token: apiToken ?? environment["AGENTOS_API_TOKEN"], environment, rest, printer) }
        return try await OwnServer.run(environment: environment, file: config) { address, token in
            try await place(clips, to: "\(address)/api/voice/twilio/inbound", token: token, environment, rest, printer)
        }
    }

    private func place(
        _ clips: [(label: String, samples: [Int16])],
        to webhook: String,
        token: String?,
        _ environment: [String: String],
        _ rest: TwinREST?,
        _ printer: CallPrinter
    ) async throws -> TwinCallReport {
        let call = TwinCallConfiguration(
            webhookURL: webhook,
            from: from,
            to: to,
            accountSid: environment["TWILIO_ACCOUNT_SID"],
            authToken: environment["TWILIO_AUTH_TOKEN"],
            // Its own server checks signatures under the name that the environment gives it.
            publicURL: url == nil ? environment["AGENTOS_PUBLIC_URL"] : nil,
            script: .conversation(clips),
            persona: plain ? .plain : .twilio,
            loopback: loopback,
            rest: rest
        )
        let twin = TwinCall(call) { printer.print($0) }
        return try await withThrowingTaskGroup { group in
            if let token {
                group.addTask {
                    try await EventFollower(webhook: webhook, token: token, session: "twilio-\(call.callSid)").follow {
                        printer.print(serverEvent: $0)
                    }
                }
            }
            let report = try await twin.run()
            // The follower ends by itself when the session has stopped, which it soon has.
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            try await group.next()
            group.cancelAll()
            return report
        }
    }

    /// Places the call against a server of its own that dies in the middle of it.
    private func survive(
        _ moment: KillMoment,
        _ clips: [(label: String, samples: [Int16])],
        _ environment: [String: String],
        _ rest: TwinREST?,
        _ printer: CallPrinter
    ) async throws -> TwinCallReport {
        var environment = environment
        environment["AGENTOS_DATA_DIR"] = environment["AGENTOS_DATA_DIR"] ?? ".agentos/call"
        environment["AGENTOS_LOG_LEVEL"] = environment["AGENTOS_LOG_LEVEL"] ?? "error"
        let token = environment["AGENTOS_API_TOKEN"] ?? Sid.random(.call)
        environment["AGENTOS_API_TOKEN"] = token
        let server = KilledServer(environment: environment, file: config, killAfter: moment.after) { printer.print(note: $0) }
        return try await server.run { [environment] address in
            try await place(clips, to: "\(address)/api/voice/twilio/inbound", token: token, environment, rest, printer)
        }
    }

    /// The lost socket is what was wanted; what must not be is a call that ends with it.
    private func judgeSurvival(_ report: TwinCallReport) throws {
        guard report.ending == .callerHungUp, report.streams.count > 1 else { throw ExitCode(1) }
    }

    /// What the caller says: recordings first, then spoken texts.
    private func clips() async throws -> [(label: String, samples: [Int16])] {
        var clips = try audio.map { path in
            (label: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, samples: try WAVFile.read(path: path).mono(at: 8000))
        }
        guard !say.isEmpty else { return clips }
        let voice = try FliteSynthesizer(workers: 1)
        for text in say {
            var samples = [Int16](repeating: 0, count: 1600)
            for try await chunk in voice.speak(text) { samples += chunk.samples }
            clips.append((label: text, samples: samples + [Int16](repeating: 0, count: 3200)))
        }
        return clips
    }

    /// Whether the account is known that a server elsewhere has.
    private var namesAccount: Bool {
        let environment = ProcessInfo.processInfo.environment
        return (accountSid ?? environment["TWILIO_ACCOUNT_SID"]) != nil && (authToken ?? environment["TWILIO_AUTH_TOKEN"]) != nil
    }

    func validate() throws {
        if url != nil, config != nil || chat != nil { throw ValidationError("--config and --chat are for the call's own server: leave out --url.") }
        if killServerAt != nil, url != nil { throw ValidationError("--kill-server-at kills the call's own server: leave out --url.") }
        if restPort != nil, plain { throw ValidationError("--rest-port plays Twilio: leave out --plain.") }
        if restPort != nil, url != nil, !namesAccount {
            throw ValidationError(
                "--rest-port with --url wants the server's account: give --account-sid and --auth-token, or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
            )
        }
        if let restPort, !(0...65_535).contains(restPort) { throw ValidationError("--rest-port takes a port from 0 to 65535.") }
        if audio.isEmpty, say.isEmpty { throw ValidationError("Nothing to say: give --audio FILE.wav or --say TEXT.") }
    }
}
