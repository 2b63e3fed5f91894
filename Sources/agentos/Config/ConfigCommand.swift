import ArgumentParser

/// The configuration file, without a running server.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check a configuration file, or print an example of one.",
        subcommands: [ConfigCheck.self, ConfigExample.self]
    )
}
