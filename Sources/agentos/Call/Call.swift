import ArgumentParser
import Audio
import Conversation
import Engines
import Foundation
import TwilioTwin

/// Plays Twilio's side of one call against a running server, or against one of its own.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Place a simulated call: Twilio's side, played against any server.",
        discussion: """
            Posts a signed webhook, runs the TwiML, opens the media stream, speaks in real time, keeps a playout buffer as Twilio \
            does, and prints both sides as they happen. Without --url it starts a server of its own for the call. The exit code is 0 when \
            every utterance was answered, 1 when one was not.
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

    @Flag(help: "Speak at once, also over a greeting; otherwise the caller lets the greeting end first.")
    var interrupt = false

    @Option(help: ArgumentHelp("The agent's voice in the caller's microphone: dB and delay in ms, such as --loopback=-12,150.", valueName: "dB,ms"))
    var loopback: Loopback?

    @Option(help: ArgumentHelp("Token that signs the requests (TWILIO_AUTH_TOKEN).", valueName: "token"))
    var authToken: String?

    @Option(help: ArgumentHelp("The URL that the server is known by, which signatures are made for (AGENTOS_PUBLIC_URL).", valueName: "url"))
    var publicUrl: String?

    @Option(help: ArgumentHelp("PEM certificates to trust for https and wss, beside the system's.", valueName: "file"))
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "The server's API token, to print the words it recognised (AGENTOS_API_TOKEN); for a server on this machine it is found in --data-dir.",
            valueName: "token"
        )
    )
    var apiToken: String?

    @Option(
        help: ArgumentHelp(
            "Data directory of the server (AGENTOS_DATA_DIR, default .agentos; .agentos/call for its own server).",
            valueName: "dir"
        )
    )
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

    @Option(help: ArgumentHelp("Whisper model of its own server: a name or a folder (AGENTOS_WHISPER_MODEL).", valueName: "model"))
    var whisperModel: String?

    @Option(
        help: ArgumentHelp(
            "Who is called when the agent dials, one word a number, the last again and again: \(Callee.words.joined(separator: ", ")).",
            valueName: "word,..."
        ),
        transform: CalleeList.init(parsing:)
    )
    var callee: CalleeList?

    @Flag(help: "Play a plain WebSocket client instead of Twilio: the server's events come on the socket.")
    var plain = false

    @Flag(help: "Print JSON, one object a line: every event and, last, the report.")
    var json = false

    func run() async throws {
        // A server of its own is stopped, whatever becomes of the output.
        try await Terminal.whileOutputLasts { try await call() }
    }

    private func call() async throws {
        let clips = try await clips()
        let printer = CallPrinter(json: json, utterances: clips.map { $0.label })
        defer { printer.flush() }
        let report = try await PlacedCall(options: self, clips: clips, printer: printer).run()
        let unanswered = printer.summarize(report)
        if let record {
            try report.recording.write(path: record)
            printer.recorded(URL(fileURLWithPath: record).standardizedFileURL.path)
        }
        printer.flush()
        for problem in unanswered.map(\.line) + survivalProblems(report) { Terminal.warn(problem) }
        if !unanswered.isEmpty || isFaulty(report) { throw ExitCode(1) }
    }

    /// Whether something went wrong that Twilio would have noticed.
    private func isFaulty(_ report: TwinCallReport) -> Bool {
        // The lost socket is what was wanted.
        guard killServerAt == nil else { return !survivalProblems(report).isEmpty }
        // Twilio logs 31921 for every stream that the server ends, also when it is meant to.
        return !report.failures.isEmpty || report.faults.contains { $0.code != 31_921 }
    }

    /// Why a call whose server was killed did not show that it outlives its server; empty where it did, or nothing was killed.
    private func survivalProblems(_ report: TwinCallReport) -> [String] {
        guard killServerAt != nil else { return [] }
        guard report.streams.count > 1 else {
            return ["the call was over before the server was killed; give an earlier --kill-server-at, or more to --say"]
        }
        return report.ending == .callerHungUp ? [] : ["the call did not outlive its server: \(report.ending.words)"]
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

    /// The environment of the call and of its own server: the user's, with the flags that have a variable.
    func environment() -> [String: String] {
        let given: [String: String?] = [
            "AGENTOS_DATA_DIR": dataDir, "AGENTOS_CHAT": chat, "AGENTOS_WHISPER_MODEL": whisperModel, "AGENTOS_PUBLIC_URL": publicUrl,
            "TWILIO_AUTH_TOKEN": authToken, "TWILIO_ACCOUNT_SID": accountSid,
        ]
        return ProcessInfo.processInfo.environment.merging(given.compactMapValues(\.self)) { _, given in given }
    }

    /// Whether the account is known that a server elsewhere has.
    private var namesAccount: Bool {
        let environment = environment()
        return environment["TWILIO_ACCOUNT_SID"] != nil && environment["TWILIO_AUTH_TOKEN"] != nil
    }

    func validate() throws {
        if url != nil, config != nil || chat != nil || whisperModel != nil {
            throw ValidationError("--config, --chat and --whisper-model are for the call's own server: leave out --url.")
        }
        if killServerAt != nil, url != nil { throw ValidationError("--kill-server-at kills the call's own server: leave out --url.") }
        if ca != nil, url == nil { throw ValidationError("--ca is for a server that speaks https: give --url.") }
        if callee != nil, plain { throw ValidationError("--callee is for calls through Twilio: leave out --plain.") }
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

extension CallOutcome.Unanswered {
    /// The utterance and what happened, on one line.
    fileprivate var line: String { "utterance \(number) (\"\(label)\") got no answer: \(reason)" }
}

/// Who is called in a simulated call: words with commas between them.
struct CalleeList: Equatable {
    /// The callees, in the order in which they are called.
    let callees: [Callee]

    /// Reads `busy,voicemail,human:8`.
    ///
    /// - Throws: an error that names the words that exist.
    init(parsing argument: String) throws {
        callees = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let callee = Callee(String(word)) else {
                throw ValidationError("\"\(word)\" is not a callee; give words of \(Callee.words.joined(separator: ", ")), with commas between them.")
            }
            return callee
        }
    }
}
