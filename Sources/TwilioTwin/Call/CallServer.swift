import Diagnostics
import Twilio

/// The server, as the legs of a call ask it and tell it.
struct CallServer: Sendable {
    let configuration: TwinCallConfiguration
    let webhooks: WebhookClient
    let log: CallLog
    let clock: any Clock<Duration>

    /// Fetches a document.
    func fetch(_ source: CallStep.Source, pairs: [WebhookParameters.Pair]) async throws -> CallDocument {
        let began = log.nowMs
        let url = source.url
        let parameters = WebhookParameters(pairs + source.extra)
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
        case 404: ": the path is wrong; the server's webhook is /api/voice/twilio/inbound"
        default: "; see the server's log"
        }
    }

    /// A URL in a document, made absolute; in one that was given by REST there is nothing it could be relative to.
    func resolve(_ url: String, in document: CallDocument) throws(TwinError) -> String {
        if let documentURL = document.url { return try webhooks.routing.resolve(url, against: documentURL) }
        guard url.contains("://") else {
            log.fault(TwilioFault.relativeURL, "a URL in a document given by REST is not absolute: \(OneLine(url))")
            throw TwinError(.invalidURL, "a URL in a document given by REST must be absolute: \(OneLine(url))")
        }
        return url
    }

    /// Where a document sends a call on.
    func source(
        _ url: String,
        method: String?,
        in document: CallDocument,
        extra: [WebhookParameters.Pair] = []
    ) throws(TwinError) -> CallStep.Source {
        .init(url: try resolve(url, in: document), method: method == "GET" ? .get : .post, extra: extra)
    }

    /// Sends a callback; a failure is noted and changes nothing.
    func callBack(_ url: String, _ pairs: [WebhookParameters.Pair], method: TwinCallConfiguration.Method = .post) async {
        do {
            let answer = try await webhooks.send(WebhookParameters(pairs), to: url, method: method)
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

    /// An error as a failure of the call.
    func failure(_ error: any Error) -> TwinError {
        error as? TwinError ?? TwinError(.webhookUnreachable, "the call broke off: \(ConnectionTrouble(error))")
    }

    /// Waits for one frame; false where the work was cancelled.
    func tick() async -> Bool { (try? await clock.sleep(for: .milliseconds(CallerScript.frameMs))) != nil }
}
