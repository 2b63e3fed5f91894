import TwilioTwin

/// Twilio's REST API beside a simulated call, so that the server can transfer it and press keys in it.
struct CallREST {
    /// The user's environment.
    let environment: [String: String]
    /// Where the API listens; nil for any free port.
    let port: Int?
    /// Whether there is to be one.
    let isOffered: Bool

    /// Lends an environment in which a server finds the API, and the API; both as they were and none where none is wanted.
    ///
    /// The environment's account stays. One that is made up has a token nobody knows, so only a server with this environment can use it.
    func run<Value: Sendable>(
        _ body: (_ environment: [String: String], _ rest: TwinREST?) async throws -> Value
    ) async throws -> Value {
        guard isOffered else { return try await body(environment, nil) }
        let account = environment["TWILIO_ACCOUNT_SID"] ?? Sid.random(.account)
        let rest = TwinREST(accountSid: account, authToken: environment["TWILIO_AUTH_TOKEN"] ?? String(Sid.random(.account).dropFirst(2)))
        return try await rest.withServer(port: port ?? 0) { url in
            var environment = environment
            environment["TWILIO_ACCOUNT_SID"] = rest.accountSid
            environment["TWILIO_AUTH_TOKEN"] = rest.authToken
            // Never the real one: a simulated call is nothing it could know.
            environment["TWILIO_API_BASE_URL"] = url
            return try await body(environment, rest)
        }
    }
}
