package import AsyncHTTPClient
import Twilio

/// A phone call as Twilio places it: the webhook, its TwiML, the media streams, the callbacks.
///
/// ```
///  run() ─▶ webhook ─▶ TwiML ─▶ verb, verb, ... ─▶ end
///                        ▲         │ <Connect>: until the socket closes   <Start>: beside the verbs
///                        └─────────┘ <Redirect>: the next document
/// ```
/// With a ``TwinREST`` in its configuration the server can update it: the verb is left, a two-way stream ends with `stop`, and the document given
/// is run. It knows the server by URL alone, so it can be pointed at any.
package struct TwinCall: Sendable {
    /// The call.
    package let configuration: TwinCallConfiguration
    private let clock: any Clock<Duration>
    private let observer: @Sendable (TwinEvent) -> Void

    /// Makes a call that has not been placed; `observer` is told each event as it happens, from the task that saw it.
    package init(
        _ configuration: TwinCallConfiguration,
        clock: any Clock<Duration> = ContinuousClock(),
        observer: @escaping @Sendable (TwinEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.clock = clock
        self.observer = observer
    }

    /// Places the call and follows it to its end.
    ///
    /// What goes wrong after the webhook answered is in the report, because the call goes on as Twilio's would.
    /// - Throws: ``TwinError`` when the first webhook cannot be fetched or is no TwiML, `CancellationError`.
    package func run() async throws -> TwinCallReport {
        let routing = try TwinRouting(webhookURL: configuration.webhookURL, publicURL: configuration.publicURL)
        return try await HTTPClient.withHTTPClient(configuration: try configuration.httpSettings()) { http in
            let webhooks = WebhookClient(http: http, routing: routing, authToken: configuration.authToken)
            let log = CallLog(callSid: configuration.callSid, clock: clock, observer: observer)
            let progress = CallProgress(configuration: configuration, webhooks: webhooks, log: log, clock: clock)
            return try await progress.run()
        }
    }
}

extension TwinCallConfiguration {
    /// How the server is reached over HTTP: with Twilio's limits, and with the certificates that this call trusts.
    package func httpSettings() throws(TwinError) -> HTTPClient.Configuration {
        try WebhookClient.clientConfiguration(checksCertificates: checksCertificates, caFile: caFile)
    }
}
