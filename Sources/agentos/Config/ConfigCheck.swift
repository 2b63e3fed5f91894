import ArgumentParser
import Foundation
import VoiceServer

/// Whether a configuration file could be used: names everything that is wrong in it, with line and column.
struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration file.",
        discussion: """
            Reads the file as a start of the server would, with the environment variables that it names. Exits 0 and tells which agent \
            answers which numbers; 1 with every fault on a line of its own, FILE:LINE:COLUMN: what is wrong; 66 if there is no such file. \
            Lines with "note:" name what is allowed and probably not wanted, such as an agent without a prompt or a key that is written out. \
            Lines with "warning:" name services that do not answer, refuse their key or lack their model, and tools whose host is not found.
            """
    )

    /// What is checked when no file is named.
    static let usualFile = "agentos.yaml"

    @Argument(help: ArgumentHelp("The file (default \(usualFile)).", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("The same, as `agentos webui start` takes it.", valueName: "file"))
    var config: String?

    @Flag(help: "Ask no service, and name what is not tested.")
    var offline = false

    func validate() throws {
        guard file != nil, config != nil else { return }
        throw ValidationError("name the file once: as an argument or with --config")
    }

    func run() async throws {
        let path = file ?? config ?? Self.usualFile
        let reading = try AgentFile.check(path, environment: ProcessInfo.processInfo.environment)
        for note in reading.notes { Terminal.print("\(path):\(note.line):\(note.column): note: \(note.problem)") }
        guard reading.faults.isEmpty else {
            for fault in reading.faults { Terminal.print("\(path):\(fault)") }
            let count = reading.faults.count
            Terminal.print("\(path): \(count == 1 ? "1 fault" : "\(count) faults"); mend \(count == 1 ? "it" : "them") and check again")
            throw ExitCode(1)
        }
        for line in ConfigSummary(file: reading.file).lines { Terminal.print(line) }
        let findings = try await services(path)
        for finding in findings where finding.level == .untested { Terminal.print("\(path): not tested: \(finding.text)") }
        let faults = findings.filter { $0.level == .error || $0.level == .warning }
        for finding in faults { Terminal.print("\(path): warning: \(finding.subject): \(finding.text)") }
        let effects = faults.isEmpty ? "" : ", but \(Verdict.effects(faults).joined(separator: "; "))"
        Terminal.print("\(path) can be used\(effects).")
    }

    /// Asks the services and looks for the tools that the file names.
    private func services(_ path: String) async throws -> [Finding] {
        // What the environment has beside the file may be wrong, which is another command's affair.
        guard let settings = try? ServerConfiguration(flags: [:], environment: ProcessInfo.processInfo.environment, file: path) else { return [] }
        let network = NetworkFindings(settings: settings, isRunning: false)
        guard !offline else { return network.untestedServices }
        return try await Doctor.withClient { await network.ofServices($0) }
    }
}
