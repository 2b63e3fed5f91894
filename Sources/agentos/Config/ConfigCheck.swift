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
            Nobody is asked over the network: `agentos doctor --config FILE` does that.
            """
    )

    /// What is checked when no file is named.
    static let usualFile = "agentos.yaml"

    @Argument(help: ArgumentHelp("The file (default \(usualFile)).", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("The same, as `agentos webui start` takes it.", valueName: "file"))
    var config: String?

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
        if !reading.file.endpoints.isEmpty || !reading.file.tools.isEmpty {
            Terminal.print("Not tested: whether services answer and tools are found; `agentos doctor --config \(path)` tests that.")
        }
        Terminal.print("\(path) can be used.")
    }
}
