import ArgumentParser
import VoiceServer

/// The program: one subcommand a file.
@main
struct AgentOS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentos",
        abstract: "A voice agent that answers real phone calls through Twilio, on your own machine.",
        version: ThisProgram.version.description,
        subcommands: [
            WebUI.self, Call.self, Calls.self, Chat.self, Verify.self, Doctor.self, ConfigCommand.self, Models.self, Sessions.self, Replay.self,
            AuditCommand.self,
            EngineProbe.self,
        ]
    )

    static func main() async {
        TextOutput.prepareStandardDescriptors()
        await Failure.exiting { try await run(parsing: CommandLine.arguments.dropFirst()) }
    }

    private static func run(parsing arguments: ArraySlice<String>) async throws {
        var command = try parseAsRoot(Array(arguments))
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }
}

/// The program that runs.
///
/// `Scripts/stamp-commit.sh` writes its commit into a source file before each build.
enum ThisProgram {
    /// Version and commit.
    static let version = ProgramVersion(commit: builtFromCommit)
}
