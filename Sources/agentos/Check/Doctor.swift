import ArgumentParser
import AsyncHTTPClient
import Engines
import Foundation
import NIOCore
import VoiceServer

/// Says what this installation can do and what is missing.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What this installation can do, what is wrong or missing, and the command or setting that mends it.",
        discussion: """
            Reads the same flags, environment and --config file as `agentos webui start`, changes nothing, and shows no secret. Services are \
            asked: chat services for their models and one token, speech services for their models, Twilio for the account, the public address \
            for this server. The last line says what calls will experience; the exit code is 1 if they cannot be answered.
            """
    )

    @OptionGroup var options: ServerOptions

    @Flag(help: "Test nothing that needs the network, and name what is left out.")
    var offline = false

    func run() async throws {
        var findings = Self.system
        let given = try settings(&findings)
        let settings = given ?? ServerConfiguration()
        do {
            let installation = try Installation.locate()
            findings.append(Finding(.ok, "files", installation.root))
            let engines = EngineFindings(installation: installation, settings: settings)
            findings += given == nil ? engines.installed : await engines.all()
        } catch {
            let text = "the engines' files were not found; run `make setup` in the program's folder, or set AGENTOS_HOME to that folder"
            findings.append(Finding(.error, "files", text))
        }
        findings += try await given == nil ? Self.withoutSettings : Self.look(at: settings, offline: offline)
        Finding.lines(findings).forEach(Terminal.print)
        let verdict = Verdict(findings)
        Terminal.print("")
        Terminal.print(verdict.line)
        if !verdict.isGood { throw ExitCode(1) }
    }

    /// What there is to say of the settings and of what they name.
    static func look(at settings: ServerConfiguration, offline: Bool) async throws -> [Finding] {
        let local = ServerFindings(settings: settings)
        let port = await local.port()
        let findings = local.all(port) + ConfigurationFindings(settings: settings).all()
        let network = NetworkFindings(settings: settings, isRunning: port == .ours)
        guard !offline else { return findings + network.untested }
        return try await withClient { await findings + network.all($0) }
    }

    /// Replaces the other findings if the settings are invalid.
    private static let withoutSettings = [
        Finding(.untested, "all else", "models, data directory, address, services and Twilio were not checked; fix the settings first")
    ]

    /// Lends a client that says at once that a host is not there.
    static func withClient<Value: Sendable>(_ body: @Sendable (HTTPClient) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .seconds(15))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { try await body($0) }
    }

    /// The settings as a server would take them; nil where it would take none.
    private func settings(_ findings: inout [Finding]) throws -> ServerConfiguration? {
        do {
            let configuration = try options.read()
            try Self.checkNames(options)
            let sources = options.config.map { "flags, environment and \($0)" } ?? "flags and environment"
            findings.append(Finding(.ok, "settings", "\(sources) are right"))
            return configuration
        } catch let error as StartError {
            findings.append(Finding(.error, "settings", error.message))
            return nil
        }
    }

    /// Makes a server, which checks what only it knows: the names of engines.
    ///
    /// Its data directory is removed again.
    private static func checkNames(_ options: ServerOptions) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "agentos-doctor-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = options
        options.dataDir = folder
        options.logLevel = "critical"
        do {
            _ = try VoiceServer(options.read(), version: ThisProgram.version, probeExecutable: nil)
        } catch let error as StartError where error.code != .configuration {
            // What is not installed has a line of its own.
            return
        }
    }

    private static var system: [Finding] {
        let process = ProcessInfo.processInfo
        let memory = (process.physicalMemory + (1 << 29)) >> 30
        return [
            Finding(.ok, "program", "agentos \(ThisProgram.version), \(ProgramVersion.build)"),
            Finding(
                .ok,
                "system",
                "\(process.operatingSystemVersionString), \(architecture), \(process.activeProcessorCount) cores, \(memory) GB memory"
            ),
        ]
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "an architecture without pinned engines"
        #endif
    }
}
