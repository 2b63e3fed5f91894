import Twilio

/// One call in progress: fetches documents and runs their verbs, until the last, or until the server says otherwise by REST.
struct CallProgress: Sendable {
    let server: CallServer
    let line: CallLine
    /// The calls to others while it lasts.
    let desk: LegDesk

    var configuration: TwinCallConfiguration { server.configuration }
    var webhooks: WebhookClient { server.webhooks }
    var log: CallLog { server.log }
    var clock: any Clock<Duration> { server.clock }

    init(configuration: TwinCallConfiguration, webhooks: WebhookClient, log: CallLog, clock: any Clock<Duration>) {
        server = CallServer(configuration: configuration, webhooks: webhooks, log: log, clock: clock)
        line = CallLine(script: CallerScript(configuration.script))
        desk = LegDesk(server: server, line: line)
    }

    /// Runs the call to its end, and the calls to others to theirs.
    func run() async throws -> TwinCallReport {
        configuration.rest?.enter(configuration, line: line, desk: desk)
        defer { configuration.rest?.leave(configuration.callSid) }
        let first = try await fetch(.init(url: webhooks.routing.webhookURL, method: configuration.method), status: "ringing")
        if !first.isAnsweredOnBridge { line.answer() }
        await withTaskGroup(of: Void.self) { others in
            others.addTask { await desk.serve() }
            await withTaskGroup(of: Void.self) { background in
                await runDocuments(from: first, background: &background)
                await background.waitForAll()
            }
            if !Task.isCancelled {
                log.record(.callEnded(line.ending ?? .failed))
                await reportEnd()
            }
            await desk.close()
        }
        try Task.checkCancellation()
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
        case .complete, .cancel: .end(.endedByREST)
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

    /// The call ends because something of it cannot be had.
    func fail(_ error: any Error) -> CallStep {
        log.record(.failure(server.failure(error)))
        return .end(.failed)
    }
}

/// The verbs.
extension CallProgress {
    private static let gatherSeconds = 5

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
        case .gather(let gather):
            await self.gather(gather)
            return nil
        case .redirect(let url, let method):
            return redirect(to: url, method: method, in: document)
        case .hangup:
            return .end(.hangup)
        case .reject:
            return .end(.rejected)
        }
    }

    /// Plays a prompt and waits for keys; the simulated caller presses keys on media streams alone.
    private func gather(_ gather: TwiML.Gather) async {
        for case .pause(let seconds) in gather.verbs { await wait(.seconds(seconds)) }
        await wait(.seconds(gather.timeoutSeconds ?? Self.gatherSeconds))
    }

    /// Where the call goes on when a document sends it to a URL.
    func redirect(to url: String, method: String?, in document: CallDocument, extra: [WebhookParameters.Pair] = []) -> CallStep {
        do {
            return .redirect(try server.source(url, method: method, in: document, extra: extra))
        } catch {
            return fail(error)
        }
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
