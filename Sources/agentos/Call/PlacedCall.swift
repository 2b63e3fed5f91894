import AsyncHTTPClient
import TwilioTwin
import VoiceServer

/// A call on its way to the server given, to one of its own, or to one that is killed.
struct PlacedCall: Sendable {
    private static let webhookPath = "/api/voice/twilio/inbound"
    /// How long the server's last events are waited for when the call is over.
    private static let lastEvents = Duration.seconds(2)

    /// What the user wants.
    let options: Call
    /// What the caller says.
    let clips: [(label: String, samples: [Int16])]
    let printer: CallPrinter

    /// Where a call goes, and what is known of the server.
    private struct Target {
        var webhook: String
        var access: EventAccess
        var publicURL: String?
    }

    /// Places the call and follows it to its end.
    func run() async throws -> TwinCallReport {
        let isOffered = options.restPort != nil || (options.url == nil && !options.plain)
        return try await CallREST(environment: options.environment(), port: options.restPort, isOffered: isOffered).run { environment, rest in
            if let moment = options.killServerAt { return try await survive(moment, environment, rest) }
            guard let url = options.url else { return try await callOwnServer(environment, rest) }
            let folder = environment["AGENTOS_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? ".agentos"
            let access = EventAccess(given: options.apiToken ?? environment["AGENTOS_API_TOKEN"], webhook: url, folder: folder)
            return try await place(Target(webhook: url, access: access, publicURL: environment["AGENTOS_PUBLIC_URL"]), environment, rest)
        }
    }

    private func callOwnServer(_ environment: [String: String], _ rest: TwinREST?) async throws -> TwinCallReport {
        try await OwnServer.run(environment: environment, file: options.config) { address, token in
            try await ServerReadiness.wait(for: address)
            return try await place(target(address, token, environment), environment, rest)
        }
    }

    /// Places the call against a server of its own that dies in the middle of it.
    private func survive(_ moment: KillMoment, _ environment: [String: String], _ rest: TwinREST?) async throws -> TwinCallReport {
        // It is called by this machine alone, at an address that no certificate of the user's is for.
        var environment = environment.filter { name, _ in ![SettingKey.tlsCert, .tlsKey].map(\.environmentName).contains(name) }
        environment["AGENTOS_DATA_DIR"] = environment["AGENTOS_DATA_DIR"] ?? ".agentos/call"
        environment["AGENTOS_LOG_LEVEL"] = environment["AGENTOS_LOG_LEVEL"] ?? "error"
        let token = environment["AGENTOS_API_TOKEN"] ?? Sid.random(.call)
        environment["AGENTOS_API_TOKEN"] = token
        let server = KilledServer(environment: environment, file: options.config, killAfter: moment.after) { printer.print(note: $0) }
        return try await server.run { [environment] address in
            try await place(target(address, token, environment), environment, rest)
        }
    }

    /// A server of its own, which checks signatures under the name that the environment gives it.
    private func target(_ address: String, _ token: String, _ environment: [String: String]) -> Target {
        let webhook = address + Self.webhookPath
        return Target(webhook: webhook, access: EventAccess(given: token, webhook: webhook, folder: ""), publicURL: environment["AGENTOS_PUBLIC_URL"])
    }

    private func place(_ target: Target, _ environment: [String: String], _ rest: TwinREST?) async throws -> TwinCallReport {
        var call = TwinCallConfiguration(
            webhookURL: target.webhook,
            from: options.from,
            to: options.to,
            accountSid: environment["TWILIO_ACCOUNT_SID"],
            authToken: environment["TWILIO_AUTH_TOKEN"].flatMap { $0.isEmpty ? nil : $0 },
            publicURL: target.publicURL.flatMap { $0.isEmpty ? nil : $0 },
            script: .conversation(clips, interrupts: options.interrupt),
            persona: options.plain ? .plain : .twilio,
            loopback: options.loopback,
            callees: options.callee?.callees ?? [],
            rest: rest
        )
        call.caFile = options.ca
        var settings = try call.httpSettings()
        // An event stream is silent for as long as nothing happens.
        settings.timeout.read = nil
        let session = "twilio-\(call.callSid)"
        let follower = EventFollower(webhook: target.webhook, access: target.access, session: session, settings: settings) { printer.print(note: $0) }
        let twin = TwinCall(call) { printer.print($0) }
        return try await withThrowingTaskGroup { group in
            group.addTask { try await follower.follow { printer.print(serverEvent: $0) } }
            let report = try await twin.run()
            // The follower ends by itself when the session has stopped, which it soon has.
            group.addTask { try? await Task.sleep(for: Self.lastEvents) }
            try await group.next()
            group.cancelAll()
            return report
        }
    }
}
