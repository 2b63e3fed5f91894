import Twilio

/// One call in progress: fetches documents and runs their verbs.
struct CallProgress: Sendable {
    let configuration: TwinCallConfiguration
    let webhooks: WebhookClient
    let log: CallLog
    let clock: any Clock<Duration>
    let line: CallLine

    /// Where the verbs go on.
    private enum Next {
        /// With the verb behind this one.
        case verb
        /// With another document.
        case document(url: String, method: TwinCallConfiguration.Method)
        /// Nowhere: the call is over.
        case end(CallEnding)
    }

    /// A document and where it is from.
    private struct Document {
        var url: String
        var twiml: TwiML
    }

    init(configuration: TwinCallConfiguration, webhooks: WebhookClient, log: CallLog, clock: any Clock<Duration>) {
        self.configuration = configuration
        self.webhooks = webhooks
        self.log = log
        self.clock = clock
        line = CallLine(script: CallerScript(configuration.script))
    }

    /// Runs the call to its end.
    func run() async throws -> TwinCallReport {
        let first = try await fetch(webhooks.routing.webhookURL, method: configuration.method, status: "ringing")
        await withTaskGroup(of: Void.self) { background in
            let ending = await runDocuments(from: first, background: &background)
            line.end(ending)
            await background.waitForAll()
        }
        try Task.checkCancellation()
        log.record(.callEnded(line.ending ?? .failed))
        await reportEnd()
        return log.current
    }

    private func runDocuments(from first: Document, background: inout TaskGroup<Void>) async -> CallEnding {
        var document = first
        var redirects = 0
        while true {
            switch await run(document, background: &background) {
            case .verb:
                return .endOfDocument
            case .end(let ending):
                return ending
            case .document(let url, let method):
                redirects += 1
                guard redirects <= configuration.maximumRedirects else {
                    return fail(TwinError(.tooManyRedirects, "more than \(configuration.maximumRedirects) redirects: end the loop in the TwiML"))
                }
                do {
                    document = try await fetch(url, method: method, status: "in-progress")
                } catch {
                    return fail(error)
                }
            }
        }
    }

    private func fail(_ error: any Error) -> CallEnding {
        let failure = error as? TwinError ?? TwinError(.webhookUnreachable, "\(error)")
        log.record(.failure(failure))
        return .failed
    }

    /// Runs a document's verbs; ``Next/verb`` when there is none left.
    private func run(_ document: Document, background: inout TaskGroup<Void>) async -> Next {
        for verb in document.twiml.verbs {
            log.record(.verb(verb))
            let next = await run(verb, in: document, background: &background)
            if let ending = line.ending { return .end(ending) }
            guard case .verb = next else { return next }
        }
        return .verb
    }

    private func run(_ verb: TwiML.Verb, in document: Document, background: inout TaskGroup<Void>) async -> Next {
        switch verb {
        case .say, .play:
            return .verb
        case .pause(let seconds):
            await pause(.seconds(seconds))
            return .verb
        case .connect(let stream):
            await StreamLeg(call: self, stream: stream, isTwoWay: true, documentURL: document.url).run()
            return .verb
        case .start(let stream):
            let leg = StreamLeg(call: self, stream: stream, isTwoWay: false, documentURL: document.url)
            background.addTask { await leg.run() }
            return .verb
        case .redirect(let url, let method):
            return redirect(url, method: method, in: document)
        case .hangup:
            return .end(.hangup)
        case .reject:
            return .end(.rejected)
        }
    }

    private func redirect(_ url: String, method: String?, in document: Document) -> Next {
        do {
            let target = try webhooks.routing.resolve(url, against: document.url)
            return .document(url: target, method: method?.uppercased() == "GET" ? .get : .post)
        } catch {
            return .end(fail(error))
        }
    }

    /// Waits, in steps of 20 ms so that a call that ends meanwhile ends the pause.
    private func pause(_ duration: Duration) async {
        let steps = duration.milliseconds / CallerScript.frameMs
        for _ in 0..<steps {
            guard line.ending == nil else { return }
            guard log.nowMs < configuration.maximumSeconds * 1000 else { return line.end(.timeLimit) }
            guard (try? await clock.sleep(for: .milliseconds(CallerScript.frameMs))) != nil else { return line.end(.failed) }
        }
    }
}

extension CallProgress {
    /// Fetches a document.
    private func fetch(_ url: String, method: TwinCallConfiguration.Method, status: String) async throws -> Document {
        let began = log.nowMs
        let parameters = WebhookParameters(standardPairs(status: status) + configuration.extraParameters)
        let answer = try await send(parameters, to: url, method: method, overrides: ConnectionOverrides(url: url))
        log.record(.webhookAnswered(url: url, status: answer.status, afterMs: log.nowMs - began))
        guard (200..<300).contains(answer.status) else {
            let message = "the webhook \(url) answered HTTP \(answer.status): \(OneLine(answer.body))\(hint(answer.status))"
            throw TwinError(.webhookStatus, message, status: answer.status)
        }
        guard !answer.isTooLarge else {
            throw TwinError(.webhookNotTwiML, "the webhook \(url) answered with more than Twilio's 64 kB (Twilio 11750): send a shorter document")
        }
        do {
            return Document(url: url, twiml: try TwiML(parsing: answer.body))
        } catch {
            throw TwinError(.webhookNotTwiML, "the webhook \(url) did not answer with TwiML (\(error)): \(OneLine(answer.body))")
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
            try await clock.sleep(for: ConnectionOverrides.retryDelay)
        }
    }

    private func hint(_ status: Int) -> String {
        switch status {
        case 401, 403:
            configuration.authToken == nil
                ? "; the server may want signed requests: give the auth token" : "; compare the auth token and the public URL with the server's"
        default: ""
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
    private func reportEnd() async {
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
            note(TwinError(.callbackFailed, "the callback \(url) failed: \(error)"))
        }
    }

    private func note(_ failure: TwinError) {
        log.fault(TwilioFault.retrievalFailure, failure.message)
        log.record(.failure(failure))
    }
}
