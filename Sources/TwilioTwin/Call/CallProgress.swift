import Diagnostics
import Twilio

/// One call in progress: fetches documents and runs their verbs, until the last, or until the server says otherwise by REST.
struct CallProgress: Sendable {
    let configuration: TwinCallConfiguration
    let webhooks: WebhookClient
    let log: CallLog
    let clock: any Clock<Duration>
    let line: CallLine

    init(configuration: TwinCallConfiguration, webhooks: WebhookClient, log: CallLog, clock: any Clock<Duration>) {
        self.configuration = configuration
        self.webhooks = webhooks
        self.log = log
        self.clock = clock
        line = CallLine(script: CallerScript(configuration.script))
    }

    /// Runs the call to its end.
    func run() async throws -> TwinCallReport {
        configuration.rest?.enter(configuration, line: line)
        defer { configuration.rest?.leave(configuration.callSid) }
        let first = try await fetch(.init(url: webhooks.routing.webhookURL, method: configuration.method), status: "ringing")
        line.answer()
        await withTaskGroup(of: Void.self) { background in
            await runDocuments(from: first, background: &background)
            await background.waitForAll()
        }
        try Task.checkCancellation()
        log.record(.callEnded(line.ending ?? .failed))
        await reportEnd()
        return log.current
    }

    /// Goes from document to document until the call is over.
    private func runDocuments(from first: CallDocument, background: inout TaskGroup<Void>) async {
        var step = CallStep.run(first)
        var redirects = 0
        while true {
            switch step {
            case .run(let document):
                step = await run(document, background: &background)
            case .redirect(let source):
                redirects += 1
                step = await follow(source, redirects: redirects)
            case .update(let update):
                redirects = 0
                log.record(.updated(update))
                step = self.step(for: update)
            case .end(let ending):
                guard let update = line.endUnlessUpdated(ending) else { return }
                step = .update(update)
            }
        }
    }

    private func step(for update: CallUpdate) -> CallStep {
        switch update {
        case .document(let twiml): .run(CallDocument(url: nil, twiml: twiml))
        case .fetch(let url, let method): .redirect(.init(url: url, method: method == "GET" ? .get : .post))
        case .complete: .end(.endedByREST)
        }
    }

    private func follow(_ source: CallStep.Source, redirects: Int) async -> CallStep {
        guard redirects <= configuration.maximumRedirects else {
            return fail(TwinError(.tooManyRedirects, "more than \(configuration.maximumRedirects) redirects: end the loop in the TwiML"))
        }
        do {
            return .run(try await fetch(source, status: "in-progress"))
        } catch {
            return fail(error)
        }
    }

    private func fail(_ error: any Error) -> CallStep {
        let failure = error as? TwinError ?? TwinError(.webhookUnreachable, "the call broke off: \(ConnectionTrouble(error))")
        log.record(.failure(failure))
        return .end(.failed)
    }
}

/// The verbs.
extension CallProgress {
    /// Runs a document's verbs, until one says where the call goes on, or something else does.
    private func run(_ document: CallDocument, background: inout TaskGroup<Void>) async -> CallStep {
        for verb in document.twiml.verbs {
            if let interruption = line.takeInterruption() { return interruption }
            log.record(.verb(verb))
            let next = await run(verb, in: document, background: &background)
            if let next { return line.takeInterruption() ?? next }
        }
        return .end(.endOfDocument)
    }

    /// Runs a verb; nil when the next one follows it.
    private func run(_ verb: TwiML.Verb, in document: CallDocument, background: inout TaskGroup<Void>) async -> CallStep? {
        switch verb {
        case .say, .play:
            return nil
        case .playDigits(let digits):
            await send(digits)
            return nil
        case .pause(let seconds):
            await wait(.seconds(seconds))
            return nil
        case .connect(let stream):
            await StreamLeg(call: self, stream: stream, isTwoWay: true, documentURL: document.url).run()
            return nil
        case .start(let stream):
            let leg = StreamLeg(call: self, stream: stream, isTwoWay: false, documentURL: document.url)
            background.addTask { await leg.run() }
            return nil
        case .dial(let dial):
            return await self.dial(dial, in: document)
        case .redirect(let url, let method):
            return redirect(to: url, method: method, in: document)
        case .hangup:
            return .end(.hangup)
        case .reject:
            return .end(.rejected)
        }
    }

    /// Where the call goes on when a document sends it to a URL.
    func redirect(to url: String, method: String?, in document: CallDocument, extra: [WebhookParameters.Pair] = []) -> CallStep {
        do {
            let target = try resolve(url, in: document)
            return .redirect(.init(url: target, method: method == "GET" ? .get : .post, extra: extra))
        } catch {
            return fail(error)
        }
    }

    /// A URL in a document, made absolute; in one that was given by REST there is nothing it could be relative to.
    private func resolve(_ url: String, in document: CallDocument) throws(TwinError) -> String {
        if let documentURL = document.url { return try webhooks.routing.resolve(url, against: documentURL) }
        guard url.contains("://") else {
            log.fault(TwilioFault.relativeURL, "a URL in a document given by REST is not absolute: \(OneLine(url))")
            throw TwinError(.invalidURL, "a URL in a document given by REST must be absolute: \(OneLine(url))")
        }
        return url
    }

    /// Waits, in steps of 20 ms so that a call that ends or is updated meanwhile ends the waiting.
    func wait(_ duration: Duration) async {
        let steps = duration.milliseconds / CallerScript.frameMs
        for _ in 0..<steps {
            guard !line.isInterrupted else { return }
            guard log.nowMs < configuration.maximumSeconds * 1000 else { return line.end(.timeLimit) }
            guard (try? await clock.sleep(for: .milliseconds(CallerScript.frameMs))) != nil else { return line.end(.failed) }
        }
    }
}
