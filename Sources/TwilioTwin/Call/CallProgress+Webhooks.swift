import Twilio

/// What the caller's call asks the server, and tells it.
extension CallProgress {
    /// Fetches a document.
    func fetch(_ source: CallStep.Source, status: String) async throws -> CallDocument {
        var source = source
        source.extra += configuration.extraParameters
        return try await server.fetch(source, pairs: standardPairs(status: status))
    }

    /// What Twilio sends with each request of a call.
    func standardPairs(status: String) -> [WebhookParameters.Pair] {
        [
            .init("AccountSid", configuration.accountSid), .init("ApiVersion", "2010-04-01"), .init("CallSid", configuration.callSid),
            .init("CallStatus", status), .init("Called", configuration.to), .init("Caller", configuration.from), .init("Direction", "inbound"),
            .init("From", configuration.from), .init("To", configuration.to),
        ]
    }

    /// Tells the status callback, where there is one, that the call is over.
    func reportEnd() async {
        guard let url = configuration.statusCallbackURL else { return }
        let seconds = (log.current.durationMs + 999) / 1000
        await callBack(
            url,
            standardPairs(status: "completed") + [
                .init("CallDuration", "\(seconds)"), .init("Duration", "\((seconds + 59) / 60)"), .init("CallbackSource", "call-progress-events"),
                .init("SequenceNumber", "0"), .init("Timestamp", Timestamps.rfc2822()),
            ]
        )
    }

    /// Posts a callback; a failure is noted and changes nothing.
    func callBack(_ url: String, _ pairs: [WebhookParameters.Pair]) async { await server.callBack(url, pairs) }
}
