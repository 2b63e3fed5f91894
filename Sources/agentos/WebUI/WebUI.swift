import ArgumentParser

/// The server's commands.
struct WebUI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webui",
        abstract: "The server: Twilio's webhooks and streams, the REST API, the dashboard.",
        subcommands: [Start.self]
    )
}
