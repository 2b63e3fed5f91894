import ArgumentParser
import Engines
import Foundation
import VoiceServer

/// Runs the server in the foreground until SIGTERM or SIGINT.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server in the foreground.",
        discussion: """
            Prints its address once it accepts connections, then the dashboard's address with its token. SIGTERM or SIGINT: no \
            new calls are admitted, running ones may end within --drain-seconds, and the exit code is 0. Twilio's requests are \
            checked when TWILIO_AUTH_TOKEN is set.
            """
    )

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let server = try VoiceServer(try options.read(), version: ThisProgram.version, probeExecutable: Installation.runningExecutable)
        try await server.run { address, token in
            Terminal.print("AgentOS listening on \(address)")
            guard Terminal.isInteractive else {
                // What is not a terminal is kept: a file, a journal, a container's log.
                let place = server.tokenFile.map { "the token in \($0)" } ?? "the value of AGENTOS_API_TOKEN"
                return Terminal.print("Dashboard: \(address)/?token=TOKEN, where TOKEN is \(place)")
            }
            let encoded = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? token
            Terminal.print("Dashboard: \(address)/?token=\(encoded)")
        }
    }
}
