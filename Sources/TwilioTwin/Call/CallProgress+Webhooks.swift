import Diagnostics
import Twilio

/// What the call asks the server, and tells it.
extension CallProgress {
    /// Fetches a document.
    func fetch(_ source: CallStep.Source, status: String) async throws -> CallDocument {
        let began = log.nowMs
        let url = source.url
        let parameters = WebhookParameters(standardPairs(status: status) + source.extra + configuration.extraParameters)
        let answer = try await send(parameters, to: url, method: source.method, overrides: ConnectionOverrides(url: url))
        log.record(.webhookAnswered(url: url, status: answer.status, afterMs: log.nowMs - began))
        guard (200..<300).contains(answer.status) else {
            let said = answer.body.allSatisfy(\.isWhitespace) ? "" : " (\(OneLine(answer.body)))"
            let message = "the webhook \(url) answered HTTP \(answer.status)\(said)\(hint(answer.status))"
            throw TwinError(.webhookStatus, message, status: answer.status)
        }
        guard !answer.isTooLarge else {
            throw TwinError(.webhookNotTwiML, "the webhook \(url) answered with more than Twilio's 64 kB (Twilio 11750): send a shorter document")
        }
        do {
            return CallDocument(url: url, twiml: try TwiML(parsing: answer.body))
        } catch {
            throw TwinError(.webhookNotTwiML, "the webhook \(url) did not answer with TwiML (\(ErrorText.of(error))): \(OneLine(answer.body))")
        }
    }

    /// Sends a webhook, and sends it again where its connection overrides say so.
    private func send(
        _ parameters: WebhookParameters,
        to url: String,
        method: TwinCallConfiguration.Method,
        overrides: ConnectionOverrides
    ) async throws -> WebhookClient.Answer {
        var retries = overrides.retries
        while true {
            do {
                let answer = try await webhooks.send(parameters, to: url, method: method)
                guard answer.status >= 500, overrides.coversServerErrors, retries > 0 else { return answer }
            } catch let error as TwinError where error.code == .webhookUnreachable && retries > 0 && overrides.coversConnections {
                log.record(.webhookRetried(url: url))
            }
            retries -= 1
            try await clock.sleep(for: ConnectionOverrides.delay(afterAttempt: overrides.retries - retries))
        }
    }

    private func hint(_ status: Int) -> String {
        switch status {
        case 401, 403:
            configuration.authToken == nil
                ? ": the server wants signed requests; give its TWILIO_AUTH_TOKEN with --auth-token"
                : ": the signature does not match; give the server's TWILIO_AUTH_TOKEN with --auth-token, and its AGENTOS_PUBLIC_URL with --public-url"
        case 404: ": there is no webhook at this path; the server's is /api/voice/twilio/inbound"
        default: "; see the server's log"
        }
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
    func callBack(_ url: String, _ pairs: [WebhookParameters.Pair]) async {
        do {
            let answer = try await webhooks.send(WebhookParameters(pairs), to: url, method: .post)
            guard (200..<300).contains(answer.status) else {
                let message = "the callback \(url) answered HTTP \(answer.status): \(OneLine(answer.body))"
                return note(TwinError(.callbackFailed, message, status: answer.status))
            }
        } catch {
            let why = (error as? TwinError)?.message ?? ConnectionTrouble(error).description
            note(TwinError(.callbackFailed, "the callback \(url) failed: \(why)"))
        }
    }

    private func note(_ failure: TwinError) {
        log.fault(TwilioFault.retrievalFailure, failure.message)
        log.record(.failure(failure))
    }
}
