import ArgumentParser
import Foundation
import TwilioTwin

/// The self-check: starts servers of its own and looks whether everything that is promised holds.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this installation: audio, engines, routes, TwiML, signatures, sessions, a real call.",
        discussion: """
            Starts servers of its own on free ports with a data directory of their own, which is removed afterwards; settings and \
            stored sessions are left alone. A tick or a cross a line; the exit code is 1 on any cross.
            """
    )

    func run() async throws {
        // Its servers are stopped and their folders removed, whatever becomes of the output.
        try await Terminal.whileOutputLasts { try await check() }
    }

    private func check() async throws {
        let environment = ProcessInfo.processInfo.environment
        let list = CheckList { Terminal.print($0) }
        await AudioChecks(list: list).run()
        await EngineChecks(list: list, wantedModel: environment["AGENTOS_WHISPER_MODEL"].flatMap { $0.isEmpty ? nil : $0 }).run()
        await CheckedServer(list: list, environment: environment).run("Server") { server in
            await RouteChecks(list: list, client: server).run()
            await TwiMLChecks(list: list, client: server).run()
            await CallChecks(list: list, client: server).run()
        }
        let token = Sid.random(.account)
        let secured = [
            "TWILIO_AUTH_TOKEN": token, "AGENTOS_PUBLIC_URL": SecuredChecks.publicURL, "AGENTOS_STREAM_MODE": "start", "AGENTOS_STT": "scripted",
        ]
        await CheckedServer(list: list, environment: environment).run("Server with TWILIO_AUTH_TOKEN, one-way streams", secured) { server in
            await SecuredChecks(list: list, client: server, authToken: token).run()
        }
        Terminal.print(await list.summary)
        if await list.failed > 0 { throw ExitCode(1) }
    }
}
